import type { DerReader } from '../der-reader.ts';
import { readGeneralName } from '../general-name.ts';

/** Checks the form of authorityInfoAccess (RFC 5280 §4.2.2.1); nothing is ever fetched. */
export function checkAuthorityInfoAccess(reader: DerReader): void {
  const sequence = reader.sequence();
  do {
    const description = sequence.sequence();
    description.objectIdentifier();
    readGeneralName(description);
    description.end();
  } while (!sequence.isAtEnd);
}

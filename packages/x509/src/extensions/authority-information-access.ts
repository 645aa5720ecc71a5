import type { DerReader } from '@org/tls-crypto/der';
import { readGeneralName } from '../names/general-name.ts';

/** The most places that a certificate may name; it has one or two. */
const maxDescriptions = 64;

/** Checks the form of authorityInfoAccess (RFC 5280 §4.2.2.1); nothing is ever fetched. */
export function checkAuthorityInfoAccess(reader: DerReader): void {
  const sequence = reader.sequence();
  sequence.list(maxDescriptions, () => {
    const description = sequence.sequence();
    description.objectIdentifier();
    readGeneralName(description);
    description.end();
  });
}

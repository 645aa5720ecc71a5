import type { DerReader } from '../der-reader.ts';

/** extKeyUsage (RFC 5280 §4.2.1.12): the purposes' object identifiers, at least one. */
export function readExtendedKeyUsage(reader: DerReader): ReadonlySet<string> {
  const sequence = reader.sequence();
  const purposes = new Set<string>();
  do purposes.add(sequence.objectIdentifier());
  while (!sequence.isAtEnd);
  return purposes;
}

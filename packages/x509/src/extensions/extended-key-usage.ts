import type { DerReader } from '@org/tls-crypto/der';

/** Purposes of a certificate; some ten are in use, and hardly ever more than three at once. */
const maxPurposes = 64;

/** extKeyUsage (RFC 5280 §4.2.1.12): the purposes' object identifiers, at least one. */
export function readExtendedKeyUsage(reader: DerReader): ReadonlySet<string> {
  const sequence = reader.sequence();
  return new Set(sequence.list(maxPurposes, () => sequence.objectIdentifier()));
}

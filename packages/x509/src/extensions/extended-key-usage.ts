import type { DerReader } from '@org/tls-crypto/der';

/** The most purposes that are read: some ten are in use, and hardly ever more than three in one certificate. */
const maxPurposes = 64;

/** Reads extKeyUsage (RFC 5280 §4.2.1.12), the object identifiers of at least one purpose. */
export function readExtendedKeyUsage(reader: DerReader): ReadonlySet<string> {
  const sequence = reader.sequence();
  return new Set(sequence.list(maxPurposes, () => sequence.objectIdentifier()));
}

import type { DerReader } from '@org/tls-crypto/der';

/** Bits of keyUsage (RFC 5280 §4.2.1.3), as numbered there. */
export const KeyUsageBit = { digitalSignature: 0, keyAgreement: 4, keyCertSign: 5, cRLSign: 6 } as const;
export type KeyUsageBit = (typeof KeyUsageBit)[keyof typeof KeyUsageBit];

/** The keyUsage extension of a certificate that has one. */
export interface KeyUsage {
  readonly bits: ReadonlySet<number>;
}

export function readKeyUsage(reader: DerReader): KeyUsage {
  const { bytes, unusedBits } = reader.bitString();
  if (bytes.length > 2) throw reader.fault(`a keyUsage of ${bytes.length} octets`);
  const bits = new Set<number>();
  for (let bit = 0; bit < 8 * bytes.length - unusedBits; bit += 1) {
    if (((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) bits.add(bit);
  }
  // At least one bit must be set (RFC 5280 §4.2.1.3).
  if (bits.size === 0) throw reader.fault('a keyUsage without any use');
  return { bits };
}

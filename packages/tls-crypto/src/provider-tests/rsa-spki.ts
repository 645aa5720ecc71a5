import { DerTag } from '../der/der-reader.ts';
import { derElement } from '../der/der-writer.ts';
import { fromHex } from './encoded-bytes.ts';

/** Writes big-endian digits as an INTEGER in its shortest form (X.690 §8.3). */
export function positiveInteger(digits: Uint8Array): Uint8Array {
  const first = digits.findIndex((byte) => byte !== 0);
  const shortest = first < 0 ? Uint8Array.of(0) : digits.subarray(first);
  return derElement(DerTag.integer, (shortest[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...shortest) : shortest);
}

/** Writes the SubjectPublicKeyInfo of a plain RSA key (RFC 3279 §2.3.1). */
export function rsaSpki(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  const key = derElement(DerTag.sequence, positiveInteger(modulus), positiveInteger(exponent));
  return derElement(
    DerTag.sequence,
    fromHex('300d06092a864886f70d0101010500'),
    derElement(DerTag.bitString, Uint8Array.of(0), key),
  );
}

/** An RSA public key as integers, big-endian without leading zeros. */
export interface RsaPublicKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** RFC 8448 records a key of 1024 bits; the verifier of certificates wants 2048. */
const minModulusBits = 1024;
/** Verifying takes time with the square of the modulus, and with the exponent's length; keys that peers send have 65537. */
export const maxModulusBits = 8192;
/** Bytes. Other libraries stop at 33 bits. */
export const maxExponentLength = 5;

/**
 * Whether it is a key that one can verify with in bounded time: an odd modulus of 1024 to 8192 bits, an odd exponent from 3 to 40 bits.
 * Which of these a certificate may have is the verifier's to say.
 */
export function isUsableRsaKey({ modulus, exponent }: RsaPublicKey): boolean {
  const bits = bitLength(modulus);
  if (bits < minModulusBits || bits > maxModulusBits || !isOdd(modulus)) return false;
  const isOne = exponent.length === 1 && exponent[0] === 1;
  return exponent.length <= maxExponentLength && isOdd(exponent) && !isOne;
}

export function bitLength(integer: Uint8Array): number {
  return 8 * integer.length - Math.clz32(integer[0] ?? 0) + 24;
}

function isOdd(integer: Uint8Array): boolean {
  return ((integer[integer.length - 1] ?? 0) & 1) === 1;
}

import { maxModulusBits } from '../keys/index.ts';

export { maxModulusBits } from '../keys/index.ts';

/** An RSA public key as two integers, big-endian and without leading zeros. */
export interface RsaPublicKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** The smallest modulus, in bits. RFC 8448 records a key of this size; the verifier of certificates demands 2048. */
const minModulusBits = 1024;
/** The longest exponent, in bytes. Keys that peers send have 65537, and other libraries stop at 33 bits. */
export const maxExponentLength = 5;

/**
 * Tells whether one can verify with the key in bounded time: its modulus is odd and has 1024 to 8192 bits, its exponent is odd, at least 3
 * and at most 40 bits long. Which of these keys a certificate may have is for the verifier to say.
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

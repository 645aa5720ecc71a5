import { scryptAsync } from '@noble/hashes/scrypt.js';
import type { HashFunction } from './hash-function.ts';
import type { ScryptParameters } from './scrypt-parameters.ts';

/** Derives a key by scrypt (RFC 7914), in slices of 10 ms. Whoever calls has bounded N, r and p. */
export function deriveByScrypt(
  passphrase: Uint8Array,
  salt: Uint8Array,
  { N, r, p, length }: ScryptParameters,
): Promise<Uint8Array> {
  const maxmem = 128 * r * (N + p + 1);
  return scryptAsync(passphrase, salt, { N, r, p, dkLen: length, asyncTick: 10, maxmem });
}

/** Hashes, and hashes what came of it, so many times in all. */
export function hashRepeatedly({ byNoble }: HashFunction, input: Uint8Array, rounds: number): Uint8Array {
  let block = input;
  for (let round = 0; round < rounds; round += 1) block = byNoble(block);
  return block;
}

/** WebCrypto has no 3DES. */
export const hasTripleDes = false;

/** @throws Error always */
export function decryptTripleDes(): Uint8Array {
  throw new Error('this platform has no 3DES');
}

import * as nodeCrypto from 'node:crypto';
import type { HashFunction } from './hash-function.ts';
import type { ScryptParameters } from './scrypt-parameters.ts';

/** Derives a key by scrypt (RFC 7914), on another thread. Whoever calls has bounded N, r and p. */
export function deriveByScrypt(
  passphrase: Uint8Array,
  salt: Uint8Array,
  { N, r, p, length }: ScryptParameters,
): Promise<Uint8Array> {
  // OpenSSL counts a little more than the 128·N·r that the table needs.
  const maxmem = 128 * r * (N + p + 32);
  return new Promise((resolve, reject) => {
    nodeCrypto.scrypt(passphrase, salt, length, { N, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(new Uint8Array(key));
      else reject(error);
    });
  });
}

/** Hashes, and hashes what came of it, so many times in all. */
export function hashRepeatedly({ name, byNoble }: HashFunction, input: Uint8Array, rounds: number): Uint8Array {
  let block: Uint8Array = input;
  // Bun and Deno may lack it.
  const hasOneShot = typeof nodeCrypto.hash === 'function';
  for (let round = 0; round < rounds; round += 1)
    block = hasOneShot ? nodeCrypto.hash(name, block, 'buffer') : byNoble(block);
  return block;
}

/** Whether the platform decrypts 3DES. Some builds of OpenSSL do not. */
export const hasTripleDes = nodeCrypto.getCiphers().includes('des-ede3-cbc');

/** Decrypts 3DES in CBC mode with padding. */
export function decryptTripleDes(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Uint8Array {
  const decipher = nodeCrypto.createDecipheriv('des-ede3-cbc', key, iv);
  return new Uint8Array(Buffer.concat([decipher.update(encrypted), decipher.final()]));
}

import type { MaybePromise, TlsError } from '@org/tls-core';
import { cbc } from '@noble/ciphers/aes.js';
import { decryptTripleDes, hasTripleDes } from '#platform';
import type { CipherInput } from './cipher-input.ts';
import { forgeDecryption } from './node-forge.ts';

/** The ciphers that files are encrypted with, all in CBC mode with padding (RFC 8018 §B.2). */
export type BlockCipher = 'AES' | '3DES' | 'DES' | 'RC2';

/**
 * Decrypts. 3DES and DES are decrypted by the platform where it has them. For what is left, node-forge is needed.
 * @param refusal makes the error for wrong padding, as after a wrong passphrase
 * @throws TlsError (rejects with) what `refusal` makes; `ERR_TLS_IDENTITY` without node-forge where it is needed
 */
export async function decryptCbc(
  cipher: BlockCipher,
  { key, iv, encrypted }: CipherInput,
  refusal: () => TlsError,
): Promise<Uint8Array> {
  const decrypt = await decryptionBy(cipher);
  try {
    return await decrypt({ key: cipher === '3DES' || cipher === 'DES' ? thriceTheKey(key) : key, iv, encrypted });
  } catch {
    // What libraries say of the padding is of no use to anybody.
    throw refusal();
  }
}

/** Throws anything on wrong padding. */
type Decrypt = (input: CipherInput) => MaybePromise<Uint8Array>;

async function decryptionBy(cipher: BlockCipher): Promise<Decrypt> {
  if (cipher === 'AES') return ({ key, iv, encrypted }) => cbc(key, iv).decrypt(encrypted);
  if (cipher !== 'RC2' && hasTripleDes) return ({ key, iv, encrypted }) => decryptTripleDes(key, iv, encrypted);
  return forgeDecryption(cipher === 'RC2' ? 'RC2' : '3DES');
}

/** Gives 3DES its 24 bytes: of two keys, the first is used again as the third, and DES is 3DES with one key. */
function thriceTheKey(key: Uint8Array): Uint8Array {
  const whole = new Uint8Array(24);
  for (let at = 0; at < whole.length; at += key.length) whole.set(key.subarray(0, whole.length - at), at);
  return whole;
}

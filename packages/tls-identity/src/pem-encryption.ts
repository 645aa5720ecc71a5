import { md5 } from '@noble/hashes/legacy.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { fault } from './identity-fault.ts';
import { decryptOld } from './node-forge.ts';
import { decryptAesCbc } from './password-encryption.ts';

/** The ciphers by the names that OpenSSL writes into DEK-Info. */
const ciphers: Readonly<Record<string, { readonly keyLength: number; readonly decrypt: typeof decryptAesCbc }>> = {
  'AES-128-CBC': { keyLength: 16, decrypt: decryptAesCbc },
  'AES-192-CBC': { keyLength: 24, decrypt: decryptAesCbc },
  'AES-256-CBC': { keyLength: 32, decrypt: decryptAesCbc },
  'DES-EDE3-CBC': { keyLength: 24, decrypt: (...all) => decryptOld('3DES-CBC', ...all) },
  'DES-CBC': { keyLength: 8, decrypt: (...all) => decryptOld('DES-CBC', ...all) },
};

/**
 * Decrypts a PEM block by the scheme of RFC 1421 §4.6, as OpenSSL uses it: the key is MD5 over passphrase and salt, with one iteration.
 * @param dekInfo the cipher and the initialization vector, e.g. `AES-128-CBC,0011…`
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` on another cipher or a wrong passphrase
 */
export async function decryptPemBlock(encrypted: Uint8Array, dekInfo: string, passphrase: string): Promise<Uint8Array> {
  const [name = '', hex = ''] = dekInfo.split(',').map((part) => part.trim());
  const cipher = ciphers[name.toUpperCase()];
  if (cipher === undefined) throw fault(`the PEM block is encrypted with ${name}, which is not supported`);
  if (!/^(?:[\da-f]{16}){1,2}$/iu.test(hex)) throw fault('the PEM block has a DEK-Info without a vector');
  const iv = hexToBytes(hex);
  return cipher.decrypt(deriveKey(passphrase, iv.subarray(0, 8), cipher.keyLength), iv, encrypted);
}

/** Computes OpenSSL's EVP_BytesToKey with MD5 and one iteration. */
function deriveKey(passphrase: string, salt: Uint8Array, length: number): Uint8Array {
  const secret = concatBytes(new TextEncoder().encode(passphrase), salt);
  let block: Uint8Array = new Uint8Array();
  let key: Uint8Array = new Uint8Array();
  while (key.length < length) {
    block = md5(concatBytes(block, secret));
    key = concatBytes(key, block);
  }
  return key.subarray(0, length);
}

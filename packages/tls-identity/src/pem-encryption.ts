import { md5 } from '@noble/hashes/legacy.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { decryptCbc, type BlockCipher } from './block-ciphers.ts';
import { fault, quoted } from './identity-fault.ts';
import type { Passphrase } from './passphrase.ts';

/** The ciphers by the names that OpenSSL writes into DEK-Info. */
const ciphers: Readonly<Record<string, { readonly cipher: BlockCipher; readonly keyLength: number }>> = {
  'AES-128-CBC': { cipher: 'AES', keyLength: 16 },
  'AES-192-CBC': { cipher: 'AES', keyLength: 24 },
  'AES-256-CBC': { cipher: 'AES', keyLength: 32 },
  'DES-EDE3-CBC': { cipher: '3DES', keyLength: 24 },
  'DES-EDE-CBC': { cipher: '3DES', keyLength: 16 },
  'DES-CBC': { cipher: 'DES', keyLength: 8 },
  'RC2-CBC': { cipher: 'RC2', keyLength: 16 },
  'RC2-64-CBC': { cipher: 'RC2', keyLength: 8 },
  'RC2-40-CBC': { cipher: 'RC2', keyLength: 5 },
};

/** How a block of PEM says that it is encrypted, and what it is called. */
interface EncryptedPem {
  /** The cipher and the initialization vector, e.g. `AES-128-CBC,0011…`. */
  readonly dekInfo: string;
  readonly what: string;
}

/**
 * Decrypts a PEM block by the scheme of RFC 1421 §4.6, as OpenSSL uses it: the key is MD5 over passphrase and salt, with one iteration.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` on another cipher or a wrong passphrase
 */
export async function decryptPemBlock(
  encrypted: Uint8Array,
  { dekInfo, what }: EncryptedPem,
  passphrase: Passphrase,
): Promise<Uint8Array> {
  const [name = '', hex = ''] = dekInfo.split(',').map((part) => part.trim());
  const row = Object.hasOwn(ciphers, name.toUpperCase()) ? ciphers[name.toUpperCase()] : undefined;
  if (row === undefined) throw fault(`${what} is encrypted with ${quoted(name)}, which is not supported`);
  const vectorLength = row.cipher === 'AES' ? 16 : 8;
  if (hex.length !== 2 * vectorLength || !/^[\da-f]*$/iu.test(hex))
    throw fault(`${what} has a DEK-Info without a vector of ${vectorLength} bytes`);
  const iv = hexToBytes(hex);
  const [form] = await passphrase.forms(what);
  const key = deriveKey(form?.utf8 ?? new Uint8Array(), iv.subarray(0, 8), row.keyLength);
  return decryptCbc(row.cipher, { key, iv, encrypted }, () => passphrase.refusal(what));
}

/** Computes OpenSSL's EVP_BytesToKey with MD5 and one iteration. */
function deriveKey(passphrase: Uint8Array, salt: Uint8Array, length: number): Uint8Array {
  const secret = concatBytes(passphrase, salt);
  let block: Uint8Array = new Uint8Array();
  let key: Uint8Array = new Uint8Array();
  while (key.length < length) {
    block = md5(concatBytes(block, secret));
    key = concatBytes(key, block);
  }
  return key.subarray(0, length);
}

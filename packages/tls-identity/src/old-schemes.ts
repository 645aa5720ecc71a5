import { concatBytes } from '@noble/hashes/utils.js';
import type { BlockCipher } from './block-ciphers.ts';
import { weight, type Effort } from './effort.ts';
import { md5, sha1 } from './hash-functions.ts';
import { iteratedHash } from './iterated-hash.ts';
import type { PassphraseForm } from './passphrase.ts';
import type { HashFunction } from './platform/hash-function.ts';
import { derivePkcs12 } from './pkcs12-derivation.ts';

/** A scheme that derives the initialization vector too, from a salt and a number of iterations. */
export interface OldScheme {
  readonly cipher: BlockCipher;
  derive(from: DerivedFrom, effort: Effort): Promise<{ readonly key: Uint8Array; readonly iv: Uint8Array }>;
}

interface DerivedFrom {
  readonly form: PassphraseForm;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

const ivLength = 8;

/** Makes a scheme of PKCS#12, whose key is derived with SHA-1 (RFC 7292 §C). */
function pkcs12(cipher: BlockCipher, keyLength: number): OldScheme {
  return {
    cipher,
    async derive({ form, salt, iterations }, effort) {
      const from = { hash: sha1, passphrase: form.bmp, salt, iterations };
      const key = await derivePkcs12({ ...from, purpose: 'key', length: keyLength }, effort);
      return { key, iv: await derivePkcs12({ ...from, purpose: 'iv', length: ivLength }, effort) };
    },
  };
}

/** Makes a scheme of PBES1, where PBKDF1 gives the key and behind it the initialization vector (RFC 8018 §6.1, §5.1). */
function pbes1(cipher: BlockCipher, hash: HashFunction): OldScheme {
  return {
    cipher,
    async derive({ form, salt, iterations }, effort) {
      effort.spend(iterations, weight.hash);
      const derived = await iteratedHash(hash, concatBytes(form.utf8, salt), iterations);
      return { key: derived.subarray(0, 8), iv: derived.subarray(8, 8 + ivLength) };
    },
  };
}

/** The schemes by their object identifiers (RFC 7292 §C, RFC 8018 §A.3). */
export const oldSchemes: Readonly<Record<string, OldScheme>> = {
  '1.2.840.113549.1.12.1.3': pkcs12('3DES', 24),
  '1.2.840.113549.1.12.1.4': pkcs12('3DES', 16),
  '1.2.840.113549.1.12.1.5': pkcs12('RC2', 16),
  '1.2.840.113549.1.12.1.6': pkcs12('RC2', 5),
  '1.2.840.113549.1.5.3': pbes1('DES', md5),
  '1.2.840.113549.1.5.6': pbes1('RC2', md5),
  '1.2.840.113549.1.5.10': pbes1('DES', sha1),
  '1.2.840.113549.1.5.11': pbes1('RC2', sha1),
};

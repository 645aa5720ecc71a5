import { sha1 } from '@noble/hashes/legacy.js';
import { TlsError } from '@org/tls-core';
import type { MlKem } from '../key-exchange.ts';
import type { CryptoProvider } from '../provider.ts';
import { keyExchangeOf, type Kem } from '../provider-rules/kem.ts';
import { pooledRandomFill } from '../provider-rules/random-pool.ts';
import { createNobleAead } from './aead.ts';
import { createHash, hash, hmac } from './hashes.ts';
import { importClassicalPrivateKey, importClassicalPublicKey } from './classical-keys.ts';
import { nobleEcdh } from './ecdh.ts';

/** How many bytes `crypto.getRandomValues` gives at once (Web Cryptography API §10.1.1). */
const maxRandomLength = 65_536;

/**
 * Cryptography by noble alone, without ML-KEM and ML-DSA: for a page that wants to be small and does without post-quantum cryptography. Its
 * backends neither offer nor accept it.
 */
export const classicalNobleCrypto: CryptoProvider = Object.freeze({
  name: 'noble',
  hasHardwareAes: false,
  hasPostQuantum: false,
  randomFill: pooledRandomFill((into) => {
    for (let offset = 0; offset < into.length; offset += maxRandomLength) {
      globalThis.crypto.getRandomValues(into.subarray(offset, offset + maxRandomLength));
    }
  }),
  createHash,
  hash,
  sha1,
  hmac,
  createAead: createNobleAead,
  ...keyExchangeOf({ kem: noKem, ecdh: nobleEcdh }),
  importPublicKey: importClassicalPublicKey,
  importPrivateKey: importClassicalPrivateKey,
} satisfies CryptoProvider);

function noKem(parameterSet: MlKem): Kem {
  throw new TlsError('ERR_TLS_UNSUPPORTED', `the provider has no ${parameterSet}; the entry noble has one that does`);
}

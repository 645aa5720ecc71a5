import { sha1 } from '@noble/hashes/legacy.js';
import type { CryptoProvider } from '../provider.ts';
import { pooledRandomFill } from '../provider-rules/random-pool.ts';
import { createNobleAead } from './aead.ts';
import { createHash, hash, hmac } from './hashes.ts';
import { nobleKeyExchange } from './key-exchange.ts';
import { importNoblePrivateKey, importNoblePublicKey } from './signatures.ts';

/** How many bytes `crypto.getRandomValues` gives at once (Web Cryptography API §10.1.1). */
const maxRandomLength = 65_536;

/** Cryptography by noble alone. Tests hold other implementations against it. */
export const plainNobleCrypto: CryptoProvider = Object.freeze({
  name: 'noble',
  hasHardwareAes: false,
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
  ...nobleKeyExchange,
  importPublicKey: importNoblePublicKey,
  importPrivateKey: importNoblePrivateKey,
} satisfies CryptoProvider);

import type { CryptoProvider } from '@org/tls-crypto';
import { pooledRandomFill } from '@org/tls-crypto/provider-rules';
import { NativeAead } from './aead.ts';
import { hash, hmac, NativeHash, sha1 } from './hashes.ts';
import { nativeKeyExchange } from './key-exchange.ts';
import { addon } from './library.ts';
import { importPrivateKey, importPublicKey } from './signatures.ts';

export type { CryptoLibrary } from '../border/crypto-addon.ts';
export { nativeCryptoLibrary } from './library.ts';

/**
 * Cryptography by the OpenSSL that Node itself exports, or by the system's where that is newer: what node:crypto does, without what its calls
 * cost. `nativeCryptoLibrary()` tells which one it is. What OpenSSL has only from 3.5 on, ML-KEM and ML-DSA, nodeCrypto does before. Everything
 * is synchronous. Importing this module throws a TlsError `ERR_TLS_BACKEND_UNAVAILABLE` where there is no addon for the machine, or no
 * usable OpenSSL.
 */
export const nativeCrypto: CryptoProvider = Object.freeze({
  name: 'native',
  hasHardwareAes: true,
  randomFill: pooledRandomFill((into) => addon.random(into)),
  createHash: (algorithm) => new NativeHash(algorithm),
  hash,
  sha1,
  hmac,
  createAead: (algorithm, key) => new NativeAead(algorithm, key),
  ...nativeKeyExchange,
  importPublicKey,
  importPrivateKey,
} satisfies CryptoProvider);

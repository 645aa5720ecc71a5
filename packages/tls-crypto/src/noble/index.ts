import type { CryptoProvider } from '../provider.ts';
import { hasWasm, withWasm, type UsesWebAssembly } from '../wasm/symmetric.ts';
import { plainNobleCrypto } from './plain.ts';

/** WebAssembly is faster than noble at every size. What does not fit into its memory is for noble. */
const unlimited = Number.POSITIVE_INFINITY;
const symmetric = withWasm(plainNobleCrypto, {
  hash: unlimited,
  hmac: unlimited,
  record: { 'aes-128-gcm': unlimited, 'aes-256-gcm': unlimited, 'chacha20-poly1305': unlimited },
});

/**
 * Cryptography without a platform's library: asymmetric by noble, in TypeScript, and symmetric by WebAssembly, or by noble where that is
 * forbidden. It runs wherever there is `globalThis.crypto`. All of it is synchronous but signing with RSA, which WebCrypto does.
 */
export const nobleCrypto: CryptoProvider & UsesWebAssembly = Object.freeze({
  ...plainNobleCrypto,
  ...symmetric,
  get usesWebAssembly() {
    return hasWasm();
  },
});

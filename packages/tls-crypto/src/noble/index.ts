import type { CryptoProvider } from '../provider.ts';
import { hasWasm, type UsesWebAssembly } from '../wasm/symmetric.ts';
import { nobleWithWasm } from './with-wasm.ts';

/**
 * Cryptography without a platform's library: asymmetric by noble, in TypeScript, and symmetric by WebAssembly, or by noble where that is
 * forbidden. It runs wherever there is `globalThis.crypto`. All of it is synchronous but signing with RSA, which WebCrypto does.
 */
export const nobleCrypto: CryptoProvider & UsesWebAssembly = Object.freeze({
  ...nobleWithWasm,
  get usesWebAssembly() {
    return hasWasm();
  },
});

import { nobleWithWasm } from '../noble/with-wasm.ts';
import type { CryptoProvider } from '../provider.ts';
import { hasWasm, type UsesWebAssembly } from '../wasm/symmetric.ts';
import { webKeyExchange } from './key-exchange.ts';
import { importWebPrivateKey } from './private-key.ts';
import { importWebPublicKey } from './public-key.ts';

/**
 * Cryptography by the runtime's WebCrypto, for browsers, workers and whoever else has it: signatures, and the key agreement of servers. Those are
 * asynchronous. What WebCrypto lacks in this runtime noble does: ML-KEM and ML-DSA, a client's key pairs, sometimes Ed25519, X25519 or P-521,
 * and everything outside of a secure context. Symmetric cryptography is WebAssembly, as in `nobleCrypto`.
 */
export const webCrypto: CryptoProvider & UsesWebAssembly = Object.freeze({
  ...nobleWithWasm,
  name: 'web',
  ...webKeyExchange,
  importPublicKey: importWebPublicKey,
  importPrivateKey: importWebPrivateKey,
  get usesWebAssembly() {
    return hasWasm();
  },
});

import type { CryptoProvider } from '../provider.ts';
import { classicalNobleCrypto } from './classical.ts';
import { nobleKeyExchange } from './key-exchange.ts';
import { importNoblePrivateKey, importNoblePublicKey } from './signatures.ts';

/**
 * Cryptography in TypeScript, by noble. It runs wherever there is `globalThis.crypto`. All of it is synchronous but signing
 * with RSA, which WebCrypto does.
 */
export const nobleCrypto: CryptoProvider = Object.freeze({
  ...classicalNobleCrypto,
  hasPostQuantum: true,
  ...nobleKeyExchange,
  importPublicKey: importNoblePublicKey,
  importPrivateKey: importNoblePrivateKey,
} satisfies CryptoProvider);

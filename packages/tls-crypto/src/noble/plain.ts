import type { CryptoProvider } from '../provider.ts';
import { classicalNobleCrypto } from './classical.ts';
import { nobleKeyExchange } from './key-exchange.ts';
import { importNoblePrivateKey, importNoblePublicKey } from './signatures.ts';

/** Cryptography by noble alone. Tests hold other implementations against it. */
export const plainNobleCrypto: CryptoProvider = Object.freeze({
  ...classicalNobleCrypto,
  hasPostQuantum: true,
  ...nobleKeyExchange,
  importPublicKey: importNoblePublicKey,
  importPrivateKey: importNoblePrivateKey,
} satisfies CryptoProvider);

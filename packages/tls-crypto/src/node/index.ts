import { randomFillSync } from 'node:crypto';
import type { CryptoProvider } from '../provider.ts';
import { createNodeAead } from './aead.ts';
import { hash, hmac, NodeHash, sha1 } from './hashes.ts';
import { nodeKeyExchange } from './key-exchange.ts';
import { importNodePrivateKey, importNodePublicKey } from './signatures.ts';

/** Cryptography by node:crypto, which Bun and Deno have too. Everything is synchronous. */
export const nodeCrypto: CryptoProvider = Object.freeze({
  name: 'node',
  hasHardwareAes: true,
  randomFill: (into) => {
    randomFillSync(into);
  },
  createHash: (algorithm) => new NodeHash(algorithm),
  hash,
  sha1,
  hmac,
  createAead: createNodeAead,
  ...nodeKeyExchange,
  importPublicKey: importNodePublicKey,
  importPrivateKey: importNodePrivateKey,
} satisfies CryptoProvider);

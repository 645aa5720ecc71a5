import { randomFillSync } from 'node:crypto';
import type { CryptoProvider } from '../provider.ts';
import { pooledRandomFill } from '../provider-rules/random-pool.ts';
import { createNodeAead } from './aead.ts';
import { hash, hmac, NodeHash, sha1 } from './hashes.ts';
import { nodeKeyExchange } from './key-exchange.ts';
import { importNodePrivateKey, importNodePublicKey } from './signatures.ts';

/**
 * Cryptography by node:crypto, which Bun and Deno have too. What theirs lacks noble does: ChaCha20-Poly1305 and keys that are for RSASSA-PSS
 * alone in Bun, P-521 in Deno. Everything is synchronous, but signing with such an RSA key in Bun.
 */
export const nodeCrypto: CryptoProvider = Object.freeze({
  name: 'node',
  hasHardwareAes: true,
  randomFill: pooledRandomFill((into) => {
    randomFillSync(into);
  }),
  createHash: (algorithm) => new NodeHash(algorithm),
  hash,
  sha1,
  hmac,
  createAead: createNodeAead,
  ...nodeKeyExchange,
  importPublicKey: importNodePublicKey,
  importPrivateKey: importNodePrivateKey,
} satisfies CryptoProvider);

import { randomFillSync } from 'node:crypto';
import type { CryptoProvider, HashAlgorithm } from '../provider.ts';
import { pooledRandomFill } from '../provider-rules/random-pool.ts';
import { hasWasm, withWasm, type UsesWebAssembly } from '../wasm/symmetric.ts';
import { createNodeAead } from './aead.ts';
import { hash, hmac, NodeHash, sha1 } from './hashes.ts';
import { nodeKeyExchange } from './key-exchange.ts';
import { importNodePrivateKey, importNodePublicKey } from './signatures.ts';

/**
 * A call of node:crypto takes microseconds beside its work, and WebAssembly works more slowly. So much do both take equally long for, in Node 20
 * and 24 on x64. A record of ChaCha20-Poly1305 breaks even at some 6,000 bytes, but what node:crypto returns is garbage for V8 to collect, and
 * from there on WebAssembly loses little. A transcript breaks even as well: its running hash is node:crypto's.
 */
const symmetric = withWasm(
  { createHash: (algorithm) => new NodeHash(algorithm), hash, hmac, createAead: createNodeAead },
  {
    hash: 400,
    hmac: 700,
    record: { 'aes-128-gcm': 864, 'aes-256-gcm': 704, 'chacha20-poly1305': Number.POSITIVE_INFINITY },
  },
);

/**
 * Cryptography by node:crypto, which Bun and Deno have too, and by WebAssembly for what is short and for ChaCha20-Poly1305. What their
 * node:crypto lacks noble does: ChaCha20-Poly1305 and keys that are for RSASSA-PSS alone in Bun, P-521 in Deno. Everything is synchronous, but
 * signing with such an RSA key in Bun.
 */
export const nodeCrypto: CryptoProvider & UsesWebAssembly = Object.freeze({
  name: 'node',
  hasHardwareAes: true,
  randomFill: pooledRandomFill((into) => {
    randomFillSync(into);
  }),
  ...symmetric,
  createHash: (algorithm: HashAlgorithm) => new NodeHash(algorithm),
  sha1,
  ...nodeKeyExchange,
  importPublicKey: importNodePublicKey,
  importPrivateKey: importNodePrivateKey,
  get usesWebAssembly() {
    return hasWasm();
  },
});

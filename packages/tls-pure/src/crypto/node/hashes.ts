import { createHash, createHmac, createSecretKey, type Hash } from 'node:crypto';
import type { HashAlgorithm, IncrementalHash } from '../provider.ts';

/** A running hash over node:crypto. */
export class NodeHash implements IncrementalHash {
  readonly #hash: Hash;

  constructor(algorithm: HashAlgorithm) {
    this.#hash = createHash(algorithm);
  }

  update(input: Uint8Array): void {
    this.#hash.update(input);
  }

  snapshot(): Uint8Array {
    return this.#hash.copy().digest();
  }
}

export function hash(algorithm: HashAlgorithm, input: Uint8Array): Uint8Array {
  return createHash(algorithm).update(input).digest();
}

/** Since Node 24 bytes as a key cost 10 µs more than a KeyObject; before, a KeyObject costs 2 µs more than bytes. */
const wantsKeyObject = Number.parseInt(process.versions.node, 10) >= 24;

export function hmac(algorithm: HashAlgorithm, key: Uint8Array, input: Uint8Array): Uint8Array {
  return createHmac(algorithm, wantsKeyObject ? createSecretKey(key) : key)
    .update(input)
    .digest();
}

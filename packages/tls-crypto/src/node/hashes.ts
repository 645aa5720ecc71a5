import { createHash, createHmac, type Hash } from 'node:crypto';
import type { HashAlgorithm, IncrementalHash } from '../provider.ts';
import { secretKey } from './secret-key.ts';

/** A running hash over node:crypto. */
export class NodeHash implements IncrementalHash {
  readonly #hash: Hash;

  constructor(algorithm: HashAlgorithm) {
    this.#hash = createHash(algorithm);
  }

  update(input: Uint8Array): void {
    this.#hash.update(input);
  }

  snapshot(extra?: Uint8Array): Uint8Array {
    const copy = this.#hash.copy();
    return extra === undefined ? copy.digest() : copy.update(extra).digest();
  }
}

export function hash(algorithm: HashAlgorithm, input: Uint8Array): Uint8Array {
  return createHash(algorithm).update(input).digest();
}

export function hmac(algorithm: HashAlgorithm, key: Uint8Array, input: Uint8Array, out: Uint8Array): void {
  const digest = createHmac(algorithm, secretKey(key)).update(input).digest();
  out.set(digest);
  digest.fill(0);
}

export function sha1(input: Uint8Array): Uint8Array {
  return createHash('sha1').update(input).digest();
}

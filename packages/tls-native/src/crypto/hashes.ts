import { hashLength, type HashAlgorithm, type IncrementalHash } from '@org/tls-crypto';
import { HashNumber, type RunningHashHandle } from '../border/crypto-addon.ts';
import { addon } from './library.ts';
import { ready, take, takeInto } from './scratch.ts';

const sha1Length = 20;

/** A running hash, which OpenSSL keeps. */
export class NativeHash implements IncrementalHash {
  readonly #hash: RunningHashHandle;
  readonly #length: number;

  constructor(algorithm: HashAlgorithm) {
    this.#hash = addon.createHash(HashNumber[algorithm]);
    this.#length = hashLength[algorithm];
  }

  update(input: Uint8Array): void {
    addon.updateHash(this.#hash, ready(input));
  }

  snapshot(extra?: Uint8Array): Uint8Array {
    addon.snapshotHash(this.#hash, extra === undefined ? 0 : ready(extra));
    return take(this.#length);
  }
}

export function hash(algorithm: HashAlgorithm, input: Uint8Array): Uint8Array {
  addon.digest(HashNumber[algorithm], ready(input));
  return take(hashLength[algorithm]);
}

export function sha1(input: Uint8Array): Uint8Array {
  addon.digest(HashNumber.sha1, ready(input));
  return take(sha1Length);
}

export function hmac(algorithm: HashAlgorithm, key: Uint8Array, input: Uint8Array, out: Uint8Array): void {
  const readyKey = ready(key);
  addon.hmac(HashNumber[algorithm], readyKey, ready(input, readyKey));
  takeInto(out, hashLength[algorithm]);
}

import { hmac as nobleHmac } from '@noble/hashes/hmac.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { HashAlgorithm, IncrementalHash } from '../provider.ts';

const functions = { sha256, sha384, sha512 } as const satisfies Readonly<Record<HashAlgorithm, unknown>>;

export function hash(algorithm: HashAlgorithm, input: Uint8Array): Uint8Array {
  return functions[algorithm](input);
}

export function hmac(algorithm: HashAlgorithm, key: Uint8Array, input: Uint8Array, out: Uint8Array): void {
  const digest = nobleHmac(functions[algorithm], key, input);
  out.set(digest);
  digest.fill(0);
}

export function createHash(algorithm: HashAlgorithm): IncrementalHash {
  const running = functions[algorithm].create();
  return {
    update(input) {
      running.update(input);
    },
    snapshot(extra) {
      const copy = running.clone();
      return extra === undefined ? copy.digest() : copy.update(extra).digest();
    },
  };
}

import { hashRepeatedly } from '#platform';
import type { HashFunction } from './platform/hash-function.ts';
import { Turns } from './turns.ts';

/** How many hashes are made before the time is looked at. They take a millisecond. */
const stride = 256;

/**
 * Hashes, and hashes what came of it, so many times in all. No platform does that beside the event loop, so that it is done in slices.
 * @param iterations 1 or more; the caller has bounded them
 */
export async function iteratedHash(hash: HashFunction, input: Uint8Array, iterations: number): Promise<Uint8Array> {
  const turns = new Turns();
  let block = input;
  for (let left = iterations; left > 0; left -= stride) {
    block = hashRepeatedly(hash, block, Math.min(left, stride));
    // oxlint-disable-next-line no-await-in-loop
    await turns.share();
  }
  return block;
}

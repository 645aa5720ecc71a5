import { randomInt } from 'node:crypto';

/** Random input that can be had again: a test names the seed where it fails. */
export class SeededRandom {
  readonly seed: number;
  #state: number;

  /** @param seed the one that a failure named; without it, the run has one of its own */
  constructor(seed = randomInt(2 ** 31)) {
    this.seed = seed;
    this.#state = seed;
  }

  /** Gives an integer from 0 up to, but not including, `limit` (mulberry32, which is far from secure). */
  below(limit: number): number {
    let state = (this.#state += 0x6d2b79f5) | 0;
    state = Math.imul(state ^ (state >>> 15), state | 1);
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
    return ((state ^ (state >>> 14)) >>> 0) % limit;
  }

  /** Gives random bytes that lie at a random alignment inside a larger buffer. */
  bytes(length: number): Uint8Array {
    const offset = this.below(17);
    const whole = new Uint8Array(offset + length + this.below(5));
    for (let index = 0; index < whole.length; index += 1) whole[index] = this.below(256);
    return whole.subarray(offset, offset + length);
  }
}

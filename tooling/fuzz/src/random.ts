/** Draws numbers that look random and are the same for the same seed everywhere, by the generator sfc32. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param index selects one of a seed's sequences */
  constructor(seed: number, index: number) {
    this.#a = seed >>> 0;
    this.#b = index >>> 0;
    this.#c = Math.floor(index / 2 ** 32) ^ 0x9e3779b9;
    for (let round = 0; round < 15; round += 1) this.#next();
  }

  /** Draws a whole number from 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor((this.#next() / 2 ** 32) * below);
  }

  /** Draws a whole number between two others, both included. */
  between(lowest: number, highest: number): number {
    return lowest + this.below(highest - lowest + 1);
  }

  /** Gives true once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    const index = this.below(list.length);
    if (index >= list.length) throw new RangeError('nothing can be picked from an empty list');
    return list[index] as T;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}

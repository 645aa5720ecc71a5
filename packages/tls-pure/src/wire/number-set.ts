/** A set of 16-bit numbers, one bit each: 8 KiB, however many a peer sends. */
export class NumberSet {
  readonly #bits = new Uint8Array(2 ** 13);

  constructor(numbers: Uint16Array = nothing) {
    for (let index = 0; index < numbers.length; index += 1) this.add(numbers[index] ?? 0);
  }

  has(number: number): boolean {
    return ((this.#bits[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  /** @returns whether it is new */
  add(number: number): boolean {
    if (this.has(number)) return false;
    this.#bits[number >>> 3] = (this.#bits[number >>> 3] ?? 0) | (1 << (number & 7));
    return true;
  }
}

const nothing = new Uint16Array(0);

/** Lists of honest peers are not longer. To look through them again for each number takes less time than to clear a set. */
const shortList = 32;

/** Whether a number stands twice. */
export function hasTwice(numbers: Uint16Array): boolean {
  if (numbers.length <= shortList) return numbers.some((number, index) => numbers.indexOf(number) !== index);
  const seen = new NumberSet();
  for (let index = 0; index < numbers.length; index += 1) if (!seen.add(numbers[index] ?? 0)) return true;
  return false;
}

/** Whether every number of `some` is one of `all`. */
export function isSubset(some: Uint16Array, all: Uint16Array): boolean {
  if (some.length <= shortList && all.length <= shortList) return some.every((number) => all.includes(number));
  const known = new NumberSet(all);
  for (let index = 0; index < some.length; index += 1) if (!known.has(some[index] ?? 0)) return false;
  return true;
}

import { describe, expect, it } from 'vitest';
import { hasTwice, isSubset } from '../../src/wire/number-set.ts';

/** The numbers from 0 on, so many. */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe.each([0, 1, 2, 31, 32, 33, 200, 65_536])('a list of %i numbers', (count) => {
  const numbers = Uint16Array.from(upTo(count));

  it('has none twice, unless one is added that is there', () => {
    expect(hasTwice(numbers)).toBe(false);
    for (const number of [numbers[0], numbers.at(-1)].filter((each) => each !== undefined)) {
      expect(hasTwice(Uint16Array.of(...upTo(Math.min(count, 1000)), number))).toBe(number < 1000);
      expect(hasTwice(Uint16Array.of(number, ...upTo(Math.min(count, 1000))))).toBe(number < 1000);
    }
  });

  it('is part of itself and of a longer one, and not of one that lacks its last', () => {
    expect(isSubset(numbers, numbers)).toBe(true);
    expect(isSubset(numbers, Uint16Array.from(upTo(65_536)))).toBe(true);
    expect(isSubset(numbers, numbers.subarray(0, -1))).toBe(count === 0);
    expect(isSubset(new Uint16Array(0), numbers)).toBe(true);
  });
});

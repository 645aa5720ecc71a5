import { describe, expect, test } from 'vitest';
import { median, noise, ratiosByRound, spreadOf } from '../src/statistics.ts';

describe('spreads', () => {
  test('the median of an even number of values lies between the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('the quartiles of five values are the second and the fourth, in whatever order they come', () => {
    expect(spreadOf([5, 3, 1, 4, 2])).toEqual({ median: 3, low: 2, high: 4, count: 5 });
  });

  test('one value is its own quartiles, and nothing is no number', () => {
    expect(spreadOf([7])).toEqual({ median: 7, low: 7, high: 7, count: 1 });
    expect(spreadOf([]).median).toBeNaN();
  });

  test('the noise is the distance of the quartiles as a part of the median', () => {
    expect(noise({ median: 2, low: 1.5, high: 2.5, count: 9 })).toBe(0.5);
  });
});

describe('ratios', () => {
  test('a ratio is taken within its round', () => {
    expect(ratiosByRound([2, 30, 400], [1, 10, 100])).toEqual([2, 3, 4]);
  });

  test('a round that lacks one of the two is left out', () => {
    expect(ratiosByRound([2, 30], [1])).toEqual([2]);
    expect(ratiosByRound([2, 30], [])).toEqual([]);
  });
});

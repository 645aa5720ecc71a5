import { expect, it } from 'vitest';
import { pooledRandomFill } from '../src/provider-rules/random-pool.ts';

/** A platform that counts: it never gives zero, and not the same byte for long. */
function platform(): { readonly fill: (into: Uint8Array) => void; readonly asked: Uint8Array[] } {
  const asked: Uint8Array[] = [];
  let next = 0;
  const fill = (into: Uint8Array): void => {
    asked.push(into);
    for (let index = 0; index < into.length; index += 1) into[index] = 1 + (next++ % 251);
  };
  return { fill, asked };
}

it('small requests are served in order, from one request to the platform', () => {
  const { fill, asked } = platform();
  const randomFill = pooledRandomFill(fill);
  const given: number[] = [];
  for (const length of [32, 1, 0, 12, 200]) {
    const into = new Uint8Array(length);
    randomFill(into);
    given.push(...into);
  }
  expect(given).toEqual(Array.from({ length: 245 }, (_, index) => 1 + (index % 251)));
  expect(asked.map(({ length }) => length)).toEqual([2048]);
});

it('bytes are wiped from the pool as they are handed out', () => {
  const { fill, asked } = platform();
  const randomFill = pooledRandomFill(fill);
  randomFill(new Uint8Array(100));
  const [pool = new Uint8Array(0)] = asked;
  expect(pool.subarray(0, 100).every((byte) => byte === 0)).toBe(true);
  expect(pool.subarray(100).every((byte) => byte !== 0)).toBe(true);
});

it('a request that the rest of the pool cannot serve fills it anew: no byte is given twice', () => {
  const { fill, asked } = platform();
  const randomFill = pooledRandomFill(fill);
  for (let drawn = 0; drawn < 40; drawn += 1) {
    const into = new Uint8Array(256);
    randomFill(into);
    expect(into.every((byte) => byte !== 0)).toBe(true);
  }
  expect(asked.length).toBe(5);
});

it('large requests go to the platform as they are', () => {
  const { fill, asked } = platform();
  const into = new Uint8Array(257);
  pooledRandomFill(fill)(into);
  expect(asked).toEqual([into]);
});

it('a platform that fails once gives no zeros for random bytes', () => {
  const { fill } = platform();
  let isBroken = false;
  const randomFill = pooledRandomFill((into) => {
    if (isBroken) throw new Error('no entropy');
    fill(into);
  });
  for (let drawn = 0; drawn < 8; drawn += 1) randomFill(new Uint8Array(256));
  isBroken = true;
  const into = new Uint8Array(32);
  expect(() => randomFill(into)).toThrow('no entropy');
  expect(() => randomFill(into)).toThrow('no entropy');
  isBroken = false;
  randomFill(into);
  expect(into.every((byte) => byte !== 0)).toBe(true);
});

import { deflateSync, inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { pattern } from '../src/memory-pair.ts';
import { deflateStored, inflateStored } from '../src/stored-zlib.ts';

it.each([0, 1, 1000, 0xffff, 0x1_0000, 150_000])('zlib reads %i stored bytes, and so does the kit', (length) => {
  const plain = pattern(length);
  const stored = deflateStored(plain);
  expect(Buffer.compare(inflateSync(stored), plain)).toBe(0);
  expect(Buffer.compare(inflateStored(stored), plain)).toBe(0);
  expect(Buffer.compare(inflateStored(deflateSync(plain, { level: 0 })), plain)).toBe(0);
});

it('refuses what is compressed, cut, longer, or changed', () => {
  const stored = deflateStored(pattern(10));
  for (const wrong of [
    deflateSync(new Uint8Array(100)),
    stored.subarray(0, -1),
    stored.subarray(0, 8),
    stored.with(stored.length - 1, 0),
    Uint8Array.of(...stored, 0),
    Uint8Array.of(1, 2, 3),
  ])
    expect(() => inflateStored(wrong)).toThrow(RangeError);
});

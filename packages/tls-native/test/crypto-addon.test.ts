import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HashNumber, type CryptoAddon } from '../src/border/crypto-addon.ts';
import { loadAddon } from '../src/border/load-addon.ts';

/** The border of the crypto provider: what TypeScript would refuse must not reach OpenSSL either. */
const loaded = loadAddon().loadCrypto();
if ('tried' in loaded) throw new Error(loaded.tried.join('; '));
const addon: CryptoAddon = loaded;
const anything = addon as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
const hashes = ['sha256', 'sha384', 'sha512', 'sha1'] as const;

function result(length: number): string {
  return Buffer.from(addon.results.subarray(0, length)).toString('hex');
}

describe('the OpenSSL that Node exports', () => {
  it('is the one that is used, where the system has no newer one', () => {
    const { source, version } = addon.library;
    expect(version).toMatch(/^OpenSSL 3\./);
    const isOwn = version.startsWith(`OpenSSL ${process.versions.openssl.replace(/\+.*/, '')} `);
    expect({ source, isOwn }).toEqual({ source: isOwn ? 'node' : 'system', isOwn });
  });

  it.each(hashes)('hashes by %s, from the scratch and from a buffer', (name) => {
    const input = Buffer.from('some bytes to hash');
    const expected = createHash(name).update(input).digest('hex');
    addon.inputs.set(input);
    addon.digest(HashNumber[name], input.length);
    expect(result(expected.length / 2)).toBe(expected);
    addon.digest(HashNumber[name], input);
    expect(result(expected.length / 2)).toBe(expected);
  });

  it.each(hashes)('makes the HMAC by %s', (name) => {
    for (const length of [0, 1, 63, 64, 65, 127, 128, 129, 500]) {
      const [key, input] = [Buffer.alloc(length, 7), Buffer.alloc(length + 3, 9)];
      const expected = createHmac(name, key).update(input).digest('hex');
      addon.inputs.set(key);
      addon.inputs.set(input, length);
      addon.hmac(HashNumber[name], key.length, input.length);
      expect(result(expected.length / 2), `${length} bytes`).toBe(expected);
    }
  });

  it('fills buffers with random bytes', () => {
    const bytes = new Uint8Array(100);
    addon.random(bytes);
    addon.random(64);
    expect(bytes.subarray(64).some((byte) => byte !== 0)).toBe(true);
    expect(result(64)).not.toBe(Buffer.from(bytes.subarray(0, 64)).toString('hex'));
  });
});

it('what was put into the scratch is wiped', () => {
  addon.inputs.fill(7);
  addon.hmac(HashNumber.sha256, 32, 55);
  expect([...addon.inputs.subarray(0, 87)].every((byte) => byte === 0)).toBe(true);
  expect(addon.inputs[87]).toBe(7);
  expect(() => addon.hmac(HashNumber.sha256, 40, 3072)).toThrow(RangeError);
  expect([...addon.inputs.subarray(0, 40)].every((byte) => byte === 0)).toBe(true);
});

it('arguments of a wrong type or length are errors', () => {
  const wrong: readonly unknown[] = [
    undefined,
    null,
    -1,
    1.5,
    Number.NaN,
    2 ** 32,
    'text',
    {},
    [],
    Symbol('any'),
    4096,
  ];
  for (const value of [...wrong, new Uint16Array(2), new DataView(new ArrayBuffer(2)), new ArrayBuffer(2)]) {
    expect(() => anything['digest']?.(value, 1), String(value)).toThrow(RangeError);
    expect(() => anything['digest']?.(0, value)).toThrow(RangeError);
    expect(() => anything['createHash']?.(value)).toThrow(RangeError);
    expect(() => anything['updateHash']?.(value, 0)).toThrow(RangeError);
    expect(() => anything['updateHash']?.(addon.createHash(0), value)).toThrow(/./);
  }
});

it('a handle of another environment’s functions is refused', () => {
  const other = loadAddon().loadCrypto();
  if ('tried' in other) throw new Error('no library');
  expect(() => other.updateHash(addon.createHash(0), 0)).toThrow('expected a handle');
});

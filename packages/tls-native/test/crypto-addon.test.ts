import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CipherNumber, HashNumber, type CryptoAddon } from '../src/border/crypto-addon.ts';
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

/** Every function that takes a handle first, with what follows it, good enough to be read. */
const ofHandles = {
  updateHash: [0],
  snapshotHash: [0],
  seal: [new Uint8Array(12), 0, 0, undefined],
  open: [new Uint8Array(12), 0, new Uint8Array(16), undefined],
  sealRecords: [1, new Uint8Array(12), new Int32Array(5), new Uint8Array(16), undefined, undefined],
  openRecords: [
    1,
    new Uint8Array(12),
    Int32Array.of(0, 0, 0, 16, 0),
    new Uint8Array(16),
    new Uint8Array(16),
    undefined,
    new Uint8Array(1),
  ],
  deriveSecret: [32],
  decapsulate: [32],
  verify: [0, 0, 0, 0],
  publicHalf: [],
  sign: [0, 0, 0],
} as const;

const wrong: readonly unknown[] = [
  undefined,
  null,
  -1,
  1.5,
  Number.NaN,
  2 ** 32,
  9999,
  'text',
  {},
  [],
  Symbol('any'),
  () => 1,
];
const wrongBytes = [
  ...wrong,
  new Uint16Array(2),
  new Int32Array(2),
  new DataView(new ArrayBuffer(2)),
  new ArrayBuffer(2),
];

it.each(Object.entries(ofHandles))('%s takes no handle of another type, and nothing that is none', (name, rest) => {
  const hash = addon.createHash(HashNumber.sha256);
  const aead = addon.createAead(CipherNumber['aes-128-gcm'], new Uint8Array(16));
  const other = name.endsWith('Hash') ? aead : hash;
  for (const value of [...wrong, other, Object.create(null), new Uint8Array(8)])
    expect(() => anything[name]?.(value, ...rest)).toThrow(RangeError);
});

it('arguments of a wrong type or length are errors', () => {
  const aead = addon.createAead(CipherNumber['aes-128-gcm'], new Uint8Array(16));
  const hash = addon.createHash(HashNumber.sha256);
  for (const value of wrongBytes) {
    const calls: readonly (readonly [string, ...unknown[]])[] = [
      ['digest', value, 1],
      ['digest', 0, value],
      ['hmac', 0, value, 0],
      ['hmac', 0, 0, value],
      ['random', value],
      ['createHash', value],
      ['updateHash', hash, value],
      ['createAead', value, 16],
      ['createAead', 0, value],
      ['seal', aead, value, 0, 0, undefined],
      ['seal', aead, 12, value, 0, undefined],
      ['seal', aead, 12, 0, value, undefined],
      ['generateKeyShare', value, undefined],
      ['importVerifyingKey', value],
      ['importSigningKey', value, 0],
      ['importSigningKey', 0, value],
    ];
    for (const [name, ...given] of calls)
      expect(() => anything[name]?.(...given), `${name} ${given.length}`).toThrow(RangeError);
  }
});

describe('lengths that do not fit are errors, and nothing is written', () => {
  const aead = addon.createAead(CipherNumber['aes-256-gcm'], new Uint8Array(32));
  const nonce = new Uint8Array(12);

  it.each([0, 15, 17, 24, 31, 33])('a key of %d bytes', (length) => {
    for (const cipher of Object.values(CipherNumber))
      expect(() => addon.createAead(cipher, new Uint8Array(length))).toThrow(RangeError);
  });

  it.each([0, 11, 13, 16])('a nonce of %d bytes', (length) => {
    expect(() => addon.seal(aead, new Uint8Array(length), 0, 0, undefined)).toThrow(RangeError);
  });

  it('an output that does not differ by the tag from the input', () => {
    const input = new Uint8Array(2000);
    for (const length of [0, 2000, 2015, 2017]) {
      const out = new Uint8Array(length);
      expect(() => addon.seal(aead, nonce, 0, input, out)).toThrow(RangeError);
      expect(out.every((byte) => byte === 0)).toBe(true);
    }
    for (const length of [0, 1983, 1985, 2000])
      expect(() => addon.open(aead, nonce, 0, input, new Uint8Array(length))).toThrow(RangeError);
    expect(() => addon.open(aead, nonce, 0, new Uint8Array(15), undefined)).toThrow(RangeError);
  });

  it('an output that lies over a part of its input', () => {
    const memory = new Uint8Array(4000);
    expect(() => addon.seal(aead, nonce, 0, memory.subarray(1, 2001), memory.subarray(0, 2016))).toThrow(RangeError);
    expect(() => addon.seal(aead, nonce, 0, memory.subarray(0, 2000), memory.subarray(1, 2017))).toThrow(RangeError);
    expect(memory.every((byte) => byte === 0)).toBe(true);
  });

  it('inputs that are longer than the scratch', () => {
    expect(() => addon.hmac(HashNumber.sha256, 3073, 0)).toThrow(RangeError);
    expect(() => addon.hmac(HashNumber.sha256, 2000, 1073)).toThrow(RangeError);
    expect(() => addon.random(5121)).toThrow(RangeError);
  });

  it.each([
    ['no record', 0, [0, 0, 0, 0, 0]],
    ['more records than places', 2, [0, 0, 0, 10, 0]],
    ['more records than a span has', 257, Array.from({ length: 5 * 257 }, () => 0)],
    ['an input beyond its buffer', 1, [0, 0, 91, 10, 0]],
    ['an output beyond its buffer', 1, [0, 0, 0, 10, 75]],
    ['additional data beyond its buffer', 1, [96, 5, 0, 10, 0]],
    ['a negative offset', 1, [0, 0, -1, 10, 0]],
    ['a negative length', 1, [0, 0, 0, -10, 0]],
    ['lengths whose sum overflows', 1, [0, 0, 2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1]],
  ])('a span with %s', (_what, count, places) => {
    const buffers = [new Uint8Array(12 * 257), Int32Array.from(places)] as const;
    const output = new Uint8Array(100);
    expect(() => addon.sealRecords(aead, count, ...buffers, output, new Uint8Array(100), undefined)).toThrow(
      RangeError,
    );
    const lastBytes = new Uint8Array(257);
    expect(() => addon.openRecords(aead, count, ...buffers, output, new Uint8Array(100), undefined, lastBytes)).toThrow(
      RangeError,
    );
    expect(output.every((byte) => byte === 0)).toBe(true);
  });
});

it('a handle of another environment’s functions is refused', () => {
  const other = loadAddon().loadCrypto();
  if ('tried' in other) throw new Error('no library');
  expect(() => other.updateHash(addon.createHash(0), 0)).toThrow('expected a handle');
});

import { hex } from '@org/tls-core/backend';
import { expect, it } from 'vitest';
import { createNobleAead } from '../src/noble/aead.ts';
import { nobleCrypto } from '../src/noble/index.ts';
import { nodeCrypto } from '../src/node/index.ts';
import { WasmAead } from '../src/wasm/aead.ts';
import { requireModule } from './support/require-module.ts';
import { SeededRandom } from './support/seeded-random.ts';

const algorithms = [
  { algorithm: 'aes-128-gcm', keyLength: 16 },
  { algorithm: 'aes-256-gcm', keyLength: 32 },
  { algorithm: 'chacha20-poly1305', keyLength: 32 },
] as const;
const module = requireModule();
const clean = hex(module.memory);

it.each(algorithms)('WebAssembly’s $algorithm agrees with noble’s at every length of three turns', (suite) => {
  const { algorithm, keyLength } = suite;
  const random = new SeededRandom(1);
  const [key, nonce, plaintext] = [random.bytes(keyLength), random.bytes(12), random.bytes(600)];
  const [ours, theirs] = [new WasmAead(module, algorithm, key), createNobleAead(algorithm, key)];
  for (let length = 0; length <= plaintext.length; length += 1) {
    const [sealed, expected] = [new Uint8Array(length + 16), new Uint8Array(length + 16)];
    const additionalData = plaintext.subarray(0, length % 40);
    ours.seal(nonce, additionalData, plaintext.subarray(0, length), sealed);
    theirs.seal(nonce, additionalData, plaintext.subarray(0, length), expected);
    expect(hex(sealed), `${length}`).toBe(hex(expected));
  }
});

it.each(algorithms)('WebAssembly’s $algorithm agrees with noble’s on random input at any alignment', (suite) => {
  const { algorithm, keyLength } = suite;
  const random = new SeededRandom();
  for (let run = 0; run < 150; run += 1) {
    const where = `seed ${random.seed}, run ${run}`;
    const [key, nonce, additionalData] = [random.bytes(keyLength), random.bytes(12), random.bytes(random.below(80))];
    const [ours, theirs] = [new WasmAead(module, algorithm, key), createNobleAead(algorithm, key)];
    const plaintext = random.bytes(random.below(run % 10 === 0 ? 20_000 : 700));
    const [sealed, expected] = [random.bytes(plaintext.length + 16), new Uint8Array(plaintext.length + 16)];
    ours.seal(nonce, additionalData, plaintext, sealed);
    theirs.seal(nonce, additionalData, plaintext, expected);
    expect(hex(sealed) === hex(expected), where).toBe(true);
    const opened = random.bytes(plaintext.length);
    expect(ours.open(nonce, additionalData, sealed, opened), where).toBe(true);
    expect(hex(opened) === hex(plaintext), where).toBe(true);
    const untouched = hex(opened);
    const place = random.below(sealed.length);
    sealed[place] = (sealed[place] ?? 0) ^ (1 << random.below(8));
    expect(ours.open(nonce, additionalData, sealed, opened), where).toBe(false);
    expect(hex(opened) === untouched, `${where}: a wrong tag writes nothing`).toBe(true);
  }
});

it.each(algorithms)('after records of $algorithm nothing of them is left in WebAssembly’s memory', (suite) => {
  const random = new SeededRandom(2);
  const aead = new WasmAead(module, suite.algorithm, random.bytes(suite.keyLength));
  for (const length of [0, 1, 100, 5000, module.input.limit - 32]) {
    const [nonce, additionalData, plaintext] = [random.bytes(12), random.bytes(13), random.bytes(length)];
    const sealed = new Uint8Array(length + 16);
    aead.seal(nonce, additionalData, plaintext, sealed);
    expect(hex(module.memory) === clean, `sealed ${length}`).toBe(true);
    aead.open(nonce, additionalData, sealed, plaintext);
    expect(hex(module.memory) === clean, `opened ${length}`).toBe(true);
    sealed[length] = (sealed[length] ?? 0) ^ 1;
    aead.open(nonce, additionalData, sealed, plaintext);
    expect(hex(module.memory) === clean, `refused ${length}`).toBe(true);
    expect(() => aead.seal(nonce, additionalData, plaintext, new Uint8Array(length))).toThrow(RangeError);
    expect(hex(module.memory) === clean, `failed ${length}`).toBe(true);
  }
});

it.each([nodeCrypto, nobleCrypto])(
  '$name seals alike on both sides of the size at which it changes hands',
  (provider) => {
    const random = new SeededRandom(3);
    const { limit } = module.input;
    const plaintext = random.bytes(limit + 1);
    for (const { algorithm, keyLength } of algorithms) {
      const [key, nonce, additionalData] = [random.bytes(keyLength), random.bytes(12), random.bytes(5)];
      const [ours, theirs] = [provider.createAead(algorithm, key), createNobleAead(algorithm, key)];
      for (const length of [671, 672, 673, 831, 832, 833, limit - 33, limit - 32, limit - 31, limit + 1]) {
        const [sealed, expected] = [new Uint8Array(length + 16), new Uint8Array(length + 16)];
        ours.seal(nonce, additionalData, plaintext.subarray(0, length), sealed);
        theirs.seal(nonce, additionalData, plaintext.subarray(0, length), expected);
        expect(hex(sealed) === hex(expected), `${algorithm}, ${length}`).toBe(true);
        const opened = new Uint8Array(length);
        expect(ours.open(nonce, additionalData, sealed, opened)).toBe(true);
        expect(hex(opened) === hex(plaintext.subarray(0, length)), `${algorithm}, ${length}`).toBe(true);
      }
    }
  },
);

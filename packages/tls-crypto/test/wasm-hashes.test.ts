import { hex } from '@org/tls-core/backend';
import { expect, it } from 'vitest';
import { createHash, hash, hmac } from '../src/noble/hashes.ts';
import { hashLength, type HashAlgorithm } from '../src/provider.ts';
import { WasmHash, wasmHash, wasmHmac } from '../src/wasm/hashes.ts';
import { requireModule } from './support/require-module.ts';
import { SeededRandom } from './support/seeded-random.ts';

const algorithms = ['sha256', 'sha384', 'sha512'] as const;
const module = requireModule();
const clean = hex(module.memory);

it.each(algorithms)('WebAssembly’s %s agrees with noble’s at every length around two blocks', (algorithm) => {
  const input = new SeededRandom(1).bytes(260);
  for (let length = 0; length <= input.length; length += 1)
    expect(hex(wasmHash(module, algorithm, input.subarray(0, length))), `${length}`).toBe(
      hex(hash(algorithm, input.subarray(0, length))),
    );
});

it.each(algorithms)(
  'WebAssembly’s HMAC by %s agrees with noble’s for keys and messages of all lengths',
  (algorithm) => {
    const random = new SeededRandom();
    for (let run = 0; run < 300; run += 1) {
      const key = random.bytes(random.below(300));
      const input = random.bytes(random.below(600));
      expect(hex(hmacOf(algorithm, key, input)), `seed ${random.seed}, run ${run}`).toBe(
        hex(nobleHmacOf(algorithm, key, input)),
      );
    }
  },
);

it.each(algorithms)('WebAssembly’s running %s agrees with noble’s however the message is cut', (algorithm) => {
  const random = new SeededRandom();
  for (let run = 0; run < 50; run += 1) {
    const [ours, theirs] = [new WasmHash(module, algorithm), createHash(algorithm)];
    for (let part = random.below(12); part > 0; part -= 1) {
      const input = random.bytes(random.below(400));
      ours.update(input);
      theirs.update(input);
      const extra = random.below(2) === 0 ? undefined : random.bytes(random.below(50));
      expect(hex(ours.snapshot(extra)), `seed ${random.seed}, run ${run}`).toBe(hex(theirs.snapshot(extra)));
    }
  }
});

it.each(algorithms)('WebAssembly’s %s and HMAC take messages that are longer than the module’s memory', (algorithm) => {
  const { limit } = module.input;
  const message = new SeededRandom(2).bytes(3 * limit + 1);
  for (const length of [limit - 1, limit, limit + 1, 2 * limit, message.length]) {
    const input = message.subarray(0, length);
    expect(hex(wasmHash(module, algorithm, input))).toBe(hex(hash(algorithm, input)));
    expect(hex(hmacOf(algorithm, input, input))).toBe(hex(nobleHmacOf(algorithm, input, input)));
  }
});

it('after a hash and an HMAC nothing of them is left in WebAssembly’s memory', () => {
  const random = new SeededRandom(3);
  for (const algorithm of algorithms) {
    wasmHash(module, algorithm, random.bytes(1000));
    hmacOf(algorithm, random.bytes(64), random.bytes(100));
    hmacOf(algorithm, random.bytes(200), random.bytes(module.input.limit + 1));
    const running = new WasmHash(module, algorithm);
    running.update(random.bytes(100));
    running.snapshot(random.bytes(10));
    expect(hex(module.memory) === clean, algorithm).toBe(true);
  }
});

function hmacOf(algorithm: HashAlgorithm, key: Uint8Array, input: Uint8Array): Uint8Array {
  const out = new Uint8Array(hashLength[algorithm]);
  wasmHmac(module, algorithm, key, input, out);
  return out;
}

function nobleHmacOf(algorithm: HashAlgorithm, key: Uint8Array, input: Uint8Array): Uint8Array {
  const out = new Uint8Array(hashLength[algorithm]);
  hmac(algorithm, key, input, out);
  return out;
}

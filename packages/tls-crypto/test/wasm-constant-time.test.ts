import binaryen from 'assemblyscript/binaryen';
import { expect, it } from 'vitest';
import { binary } from '../src/wasm/binary.ts';
import { SeededRandom } from './support/seeded-random.ts';

// What can be proven of the compiled module: which addresses it reads and writes, and which functions and turns of loops it runs, is the same for
// all secrets. A branch within which nothing is read or written is not seen, nor what processors make of an instruction, above all of a
// multiplication of 64-bit integers.

const bytes = Buffer.from(binary, 'base64');
const lengths = [0, 1, 15, 16, 100, 130, 400];

/** What a traced module exports: addresses as globals, and functions on numbers. */
type TracedExports = Readonly<Record<string, { readonly value: number }>> & {
  readonly memory: { readonly buffer: ArrayBuffer };
};

/** The part of WebAssembly's interface that is used here. */
interface Api {
  readonly Module: { new (source: Uint8Array): object; imports(module: object): readonly object[] };
  readonly Instance: new (module: object, imports?: object) => { readonly exports: unknown };
}
const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Api }).WebAssembly;

it('the module imports nothing, and its memory begins with round constants and nothing else', () => {
  const module = new Module(bytes);
  expect(Module.imports(module)).toEqual([]);
  const { memory } = new Instance(module).exports as TracedExports;
  const image = Buffer.from(new Uint8Array(memory.buffer));
  const constants = [
    Buffer.concat(primes(64).map((prime) => littleEndian(cubeRootBits(prime, 32n), 4))),
    Buffer.concat(primes(80).map((prime) => littleEndian(cubeRootBits(prime, 64n), 8))),
    Buffer.from('expand 32-byte k'),
  ];
  for (const each of constants) {
    const place = image.indexOf(each);
    expect(place).toBeGreaterThanOrEqual(0);
    image.fill(0, place, place + each.length);
  }
  expect(image.every((byte) => byte === 0)).toBe(true);
});

it.each(['hash', 'hmac'])('%s reads, writes and runs the same for every key and message of a length', (name) => {
  for (const algorithm of [0, 1, 2])
    for (const length of lengths)
      expectSameTrace(`${name} ${algorithm}, ${length}`, (traced, random) => {
        traced.put('keyAddress', random.bytes(32));
        traced.put('inputAddress', random.bytes(length));
        traced.call(name, algorithm, length);
      });
});

it('the expansion of an AES key reads, writes and runs the same for every key', () => {
  for (const length of [16, 32])
    expectSameTrace(`${length}`, (traced, random) => {
      traced.put('keyAddress', random.bytes(length));
      traced.call('aesExpandKey', length);
    });
});

it.each([
  { seal: 'chachaSeal', open: 'chachaOpen', rounds: [] },
  { seal: 'gcmSeal', open: 'gcmOpen', rounds: [10] },
  { seal: 'gcmSeal', open: 'gcmOpen', rounds: [14] },
])('$seal and $open with $rounds rounds read, write and run the same for every key and record', (names) => {
  for (const length of lengths)
    for (const isRight of [true, false])
      expectSameTrace(`${length}, ${isRight}`, (traced, random) => {
        const key = random.bytes(32);
        traced.put('keyAddress', key);
        traced.call('aesExpandKey', 16 + 16 * (names.rounds[0] === 14 ? 1 : 0));
        traced.put('keyAddress', key);
        traced.put('nonceAddress', random.bytes(12));
        traced.put('inputAddress', random.bytes(5));
        traced.put('inputAddress', random.bytes(length), 16);
        traced.call(names.seal, ...names.rounds, 5, length);
        if (!isRight) traced.put('inputAddress', random.bytes(16), 16 + length);
        expect(traced.call(names.open, ...names.rounds, 5, length)).toBe(isRight ? 1 : 0);
      });
});

it('the trace tells two lengths and two outcomes apart', () => {
  const [asItIs, zeros] = [new Uint8Array(0), new Uint8Array(16)];
  const traceOf = (length: number, tag: Uint8Array): string => {
    const traced = new TracedModule();
    traced.call('chachaSeal', 0, length);
    traced.put('inputAddress', tag, length);
    traced.call('chachaOpen', 0, length);
    return traced.trace;
  };
  expect(new Set([traceOf(100, asItIs), traceOf(101, asItIs), traceOf(100, zeros)]).size).toBe(3);
});

/** Runs an operation on four sets of random secrets, and holds the traces against each other. */
function expectSameTrace(what: string, run: (traced: TracedModule, random: SeededRandom) => void): void {
  const random = new SeededRandom();
  const traces = Array.from({ length: 4 }, () => {
    const traced = new TracedModule();
    run(traced, random);
    return traced.trace;
  });
  expect(new Set(traces).size, `${what}, seed ${random.seed}`).toBe(1);
}

const instrumented = instrument();

/** Compiles the module anew with a call before each access to its memory, and at each function and turn of a loop. */
function instrument(): object {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(binaryen.Features.All);
  module.runPasses(['log-execution', 'instrument-memory']);
  return new Module(module.emitBinary());
}

/** An instance that tells where it went. */
class TracedModule {
  readonly #exports: TracedExports;
  #count = 0;
  #digest = 0;

  constructor() {
    const record = (...numbers: readonly number[]): void => {
      this.#count += 1;
      for (const number of numbers) this.#digest = Math.imul(this.#digest ^ number, 0x01000193) ^ (this.#digest >>> 15);
    };
    const before = (id: number, size: number, offset: number, address: number): number => {
      record(id, size, offset, address);
      return address;
    };
    const value = (_id: number, accessed: number | bigint): number | bigint => accessed;
    const env = new Proxy(
      { log_execution: record, load_ptr: before, store_ptr: before },
      { get: (known, name) => (Reflect.get(known, name) as unknown) ?? value },
    );
    this.#exports = new Instance(instrumented, { env }).exports as TracedExports;
  }

  /** A digest of all accesses and turns up to now. */
  get trace(): string {
    return `${this.#count} ${this.#digest}`;
  }

  put(place: string, content: Uint8Array, offset = 0): void {
    new Uint8Array(this.#exports.memory.buffer).set(content, (this.#exports[place]?.value ?? 0) + offset);
  }

  call(name: string, ...numbers: readonly number[]): number | undefined {
    return (this.#exports[name] as unknown as (...numbers: readonly number[]) => number | undefined)(...numbers);
  }
}

/** The fractional part of a prime's cube root (FIPS 180-4 §4.2.2). */
function cubeRootBits(prime: bigint, bits: bigint): bigint {
  const radicand = prime << (3n * bits);
  let [low, high] = [0n, 1n << (bits + 4n)];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** 3n <= radicand) low = middle;
    else high = middle;
  }
  return low & ((1n << bits) - 1n);
}

function primes(count: number): readonly bigint[] {
  const found: bigint[] = [];
  for (let candidate = 2n; found.length < count; candidate += 1n)
    if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate);
  return found;
}

function littleEndian(value: bigint, length: number): Buffer {
  const result = Buffer.alloc(8);
  result.writeBigUInt64LE(value);
  return result.subarray(0, length);
}

import type { HashAlgorithm, IncrementalHash } from '../provider.ts';
import type { WasmModule } from './module.ts';

interface Algorithm {
  /** Its name at the module's border. */
  readonly id: number;
  readonly digestLength: number;
  readonly blockLength: number;
}

const algorithms: Readonly<Record<HashAlgorithm, Algorithm>> = {
  sha256: { id: 0, digestLength: 32, blockLength: 64 },
  sha384: { id: 1, digestLength: 48, blockLength: 128 },
  sha512: { id: 2, digestLength: 64, blockLength: 128 },
};

export function wasmHash(module: WasmModule, name: HashAlgorithm, input: Uint8Array): Uint8Array {
  const algorithm = algorithms[name];
  const { functions, memory } = module;
  if (input.length <= module.input.limit) {
    memory.set(input, module.input.address);
    functions.hash(algorithm.id, input.length);
  } else {
    functions.hashBegin(algorithm.id);
    updateByParts(module, algorithm, input);
    functions.hashFinish(algorithm.id);
  }
  return takeDigest(module, algorithm);
}

/** Computes an HMAC into the first bytes of `out`, which may be `key` or `input`. */
export function wasmHmac(
  module: WasmModule,
  name: HashAlgorithm,
  key: Uint8Array,
  input: Uint8Array,
  out: Uint8Array,
): void {
  const algorithm = algorithms[name];
  const { functions, memory } = module;
  if (key.length > algorithm.blockLength) {
    const shortKey = wasmHash(module, name, key);
    wasmHmac(module, name, shortKey, input, out);
    shortKey.fill(0);
    return;
  }
  memory.set(key, module.key.address);
  if (input.length <= module.input.limit) {
    memory.set(input, module.input.address);
    functions.hmac(algorithm.id, input.length);
  } else {
    functions.hmacBegin(algorithm.id);
    updateByParts(module, algorithm, input);
    functions.hmacFinish(algorithm.id);
  }
  const { address } = module.digest;
  out.set(memory.subarray(address, address + algorithm.digestLength));
  memory.fill(0, address, address + algorithm.digestLength);
}

/** A running hash. Its state is the object's own, and lies in the module only while that works on it. */
export class WasmHash implements IncrementalHash {
  readonly #module: WasmModule;
  readonly #algorithm: Algorithm;
  readonly #state: Uint8Array;

  constructor(module: WasmModule, name: HashAlgorithm) {
    this.#module = module;
    this.#algorithm = algorithms[name];
    this.#state = new Uint8Array(module.runningHash.limit);
    module.functions.hashBegin(this.#algorithm.id);
    this.#takeState();
  }

  update(input: Uint8Array): void {
    this.#bringState();
    updateByParts(this.#module, this.#algorithm, input);
    this.#takeState();
  }

  snapshot(extra?: Uint8Array): Uint8Array {
    this.#bringState();
    if (extra !== undefined) updateByParts(this.#module, this.#algorithm, extra);
    this.#module.functions.hashFinish(this.#algorithm.id);
    return takeDigest(this.#module, this.#algorithm);
  }

  #bringState(): void {
    this.#module.memory.set(this.#state, this.#module.runningHash.address);
  }

  #takeState(): void {
    const { memory, runningHash } = this.#module;
    const lent = memory.subarray(runningHash.address, runningHash.address + runningHash.limit);
    this.#state.set(lent);
    lent.fill(0);
  }
}

/** Adds a message of any length to the hash that runs in the module. */
function updateByParts({ functions, memory, input: place }: WasmModule, { id }: Algorithm, input: Uint8Array): void {
  for (let offset = 0; offset < input.length; offset += place.limit) {
    const part = input.subarray(offset, offset + place.limit);
    memory.set(part, place.address);
    functions.hashUpdate(id, part.length);
  }
}

function takeDigest({ memory, digest }: WasmModule, { digestLength }: Algorithm): Uint8Array {
  const result = memory.slice(digest.address, digest.address + digestLength);
  memory.fill(0, digest.address, digest.address + digestLength);
  return result;
}

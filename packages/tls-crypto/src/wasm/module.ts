import { binary } from './binary.ts';

/** What `assembly/index.ts` exports: addresses in its memory, and functions that work on what lies there. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly inputAddress: Address;
  readonly inputLimit: Address;
  readonly keyAddress: Address;
  readonly nonceAddress: Address;
  readonly scheduleAddress: Address;
  readonly scheduleLimit: Address;
  readonly digestAddress: Address;
  readonly runningHashAddress: Address;
  readonly runningHashLength: Address;
  hash(algorithm: number, length: number): void;
  hashBegin(algorithm: number): void;
  hashUpdate(algorithm: number, length: number): void;
  hashFinish(algorithm: number): void;
  hmac(algorithm: number, length: number): void;
  hmacBegin(algorithm: number): void;
  hmacFinish(algorithm: number): void;
  aesExpandKey(length: number): void;
  chachaSeal(additionalLength: number, length: number): void;
  chachaOpen(additionalLength: number, length: number): number;
  gcmSeal(rounds: number, additionalLength: number, length: number): void;
  gcmOpen(rounds: number, additionalLength: number, length: number): number;
}

interface Address {
  readonly value: number;
}

/** The part of WebAssembly's JavaScript interface that is used here; the compiler knows it only beside a browser's types. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
  instantiate(bytes: Uint8Array): Promise<{ readonly instance: { readonly exports: object } }>;
}

/**
 * The module's functions, and its memory as views. Between two calls from JavaScript the memory holds nothing but the module's constants: who
 * puts bytes there takes or wipes them before it returns.
 */
export interface WasmModule {
  readonly functions: Exports;
  /** The whole memory, which never grows. */
  readonly memory: Uint8Array;
  readonly input: Place;
  readonly key: Place;
  readonly nonce: Place;
  readonly schedule: Place;
  readonly digest: Place;
  readonly runningHash: Place;
}

/** Where bytes lie in the memory. */
export interface Place {
  readonly address: number;
  /** How many bytes there are. */
  readonly limit: number;
}

let loaded: WasmModule | undefined;
let isTried = false;

/**
 * Gives the one instance of this realm, which is made when it is first asked for.
 * @returns undefined where WebAssembly or its SIMD is missing or forbidden, as by a Content-Security-Policy without `wasm-unsafe-eval`
 */
export function wasmModule(): WasmModule | undefined {
  if (!isTried) {
    isTried = true;
    load();
  }
  return loaded;
}

/**
 * Instantiates the module at once. A browser that compiles nothing so large on its main thread but in the background is asked to do so, and
 * until it has, there is no module.
 */
function load(): void {
  const api = (globalThis as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly;
  if (api === undefined) return;
  const bytes = decodedBinary();
  try {
    loaded = viewsOf(new api.Instance(new api.Module(bytes)).exports as Exports);
  } catch {
    api.instantiate(bytes).then(
      ({ instance }) => {
        loaded = viewsOf(instance.exports as Exports);
      },
      () => undefined, // it is forbidden there too
    );
  }
}

/** Decodes the module. A loop takes a fifth of the time of `Uint8Array.from` with a function, before anything is compiled. */
function decodedBinary(): Uint8Array {
  const text = atob(binary);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

function viewsOf(functions: Exports): WasmModule {
  const place = (address: Address, limit: number): Place => ({ address: address.value, limit });
  return {
    functions,
    memory: new Uint8Array(functions.memory.buffer),
    input: place(functions.inputAddress, functions.inputLimit.value),
    key: place(functions.keyAddress, 128),
    nonce: place(functions.nonceAddress, 12),
    schedule: place(functions.scheduleAddress, functions.scheduleLimit.value),
    digest: place(functions.digestAddress, 64),
    runningHash: place(functions.runningHashAddress, functions.runningHashLength.value),
  };
}

/** Below so many bytes a loop takes less time than a view and a call. */
const shortLength = 32;

/** Copies a part of a buffer into the module's memory. */
export function copyIn(memory: Uint8Array, address: number, source: Uint8Array, start: number, length: number): void {
  if (length <= shortLength)
    for (let index = 0; index < length; index += 1) memory[address + index] = source[start + index] ?? 0;
  else memory.set(length === source.length ? source : source.subarray(start, start + length), address);
}

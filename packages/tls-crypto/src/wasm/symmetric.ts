import { copyBytes } from '@org/tls-core/backend';
import type { Aead, AeadAlgorithm, CryptoProvider } from '../provider.ts';
import { WasmAead } from './aead.ts';
import { WasmHash, wasmHash, wasmHmac } from './hashes.ts';
import { wasmModule } from './module.ts';
import { SizedAead } from './sized-aead.ts';

/** The part of a provider that needs neither key pairs nor random bytes. */
export type Symmetric = Pick<CryptoProvider, 'createHash' | 'hash' | 'hmac' | 'createAead'>;

/** What a provider with WebAssembly inside says of itself. */
export interface UsesWebAssembly {
  /**
   * Whether hashes, MACs and records are computed by the WebAssembly of this package. It is false where the runtime has none, or forbids it, as by a
   * Content-Security-Policy without `wasm-unsafe-eval`. Then what the provider is named for does everything; results are the same.
   */
  readonly usesWebAssembly: boolean;
}

/** Up to which size WebAssembly is faster than what it stands beside, in bytes. */
export interface WasmLimits {
  /** The longest message to hash. */
  readonly hash: number;
  /** The longest message to make an HMAC of. */
  readonly hmac: number;
  /** The longest record, with its additional data, padded to a multiple of 16, and with its tag. */
  readonly record: Readonly<Record<AeadAlgorithm, number>>;
}

/** Puts WebAssembly before another implementation, for what is short. What is longer, and everything where there is none, that one does. */
export function withWasm(other: Symmetric, limits: WasmLimits): Symmetric {
  return {
    createHash(algorithm) {
      const module = wasmModule();
      return module === undefined ? other.createHash(algorithm) : new WasmHash(module, algorithm);
    },
    hash(algorithm, input) {
      const module = input.length > limits.hash ? undefined : wasmModule();
      return module === undefined ? other.hash(algorithm, input) : wasmHash(module, algorithm, input);
    },
    hmac(algorithm, key, input, out) {
      const module = input.length > limits.hmac ? undefined : wasmModule();
      if (module === undefined) other.hmac(algorithm, key, input, out);
      else wasmHmac(module, algorithm, key, input, out);
    },
    createAead(algorithm, key) {
      const module = wasmModule();
      if (module === undefined) return other.createAead(algorithm, key);
      const ownKey = copyBytes(key);
      const makeLong = (): Aead => other.createAead(algorithm, ownKey);
      return new SizedAead(new WasmAead(module, algorithm, key), limits.record[algorithm], makeLong);
    },
  };
}

/** Tells whether there is WebAssembly; the first question instantiates it. */
export function hasWasm(): boolean {
  return wasmModule() !== undefined;
}

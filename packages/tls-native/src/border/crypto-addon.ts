/** C++ holds what this stands for. Only the addon makes them. */
export interface RunningHashHandle {
  readonly runningHash: unique symbol;
}

/** Where OpenSSL's functions were found, and which OpenSSL it is. */
export interface CryptoLibrary {
  /** `node`: the program that runs us exports them. `system`: they are in a library of the system, which is newer or the only one. */
  readonly source: 'node' | 'system';
  /** E.g. `OpenSSL 3.5.8 25 Aug 2026`. */
  readonly version: string;
  /** The file that has the functions. It may be relative where that is the program. */
  readonly path: string;
}

/**
 * Bytes that go into C++. A number says how many of them lie in `inputs`, behind those of the arguments before it; C++ wipes them. Small
 * buffers go this way, because Node-API takes longer to find one than OpenSSL takes to use it.
 */
export type BytesIn = number | Uint8Array;

/** The numbers by which C++ knows the hashes. */
export const HashNumber = { sha256: 0, sha384: 1, sha512: 2, sha1: 3 } as const;
export type HashNumber = (typeof HashNumber)[keyof typeof HashNumber];

/**
 * The functions of the crypto provider. A result lies at the beginning of `results` until the next call, or until it is wiped, which is for
 * the caller to do.
 */
export interface CryptoAddon {
  readonly library: CryptoLibrary;
  readonly inputs: Uint8Array;
  readonly results: Uint8Array;
  /** Fills a buffer, or as many bytes of `results` as a number says. */
  random(target: number | Uint8Array): void;
  digest(hash: HashNumber, input: BytesIn): void;
  hmac(hash: HashNumber, key: BytesIn, input: BytesIn): void;
  createHash(hash: HashNumber): RunningHashHandle;
  updateHash(hash: RunningHashHandle, input: BytesIn): void;
  /** @param extra is hashed behind what came so far, and is not part of it afterwards */
  snapshotHash(hash: RunningHashHandle, extra: BytesIn): void;
}

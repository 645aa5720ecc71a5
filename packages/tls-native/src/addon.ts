import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TlsError } from '@org/tls-core';

/** What C++ holds for us; each is made by the addon only. */
export interface TrustHandle {
  readonly trust: unique symbol;
}
export interface ContextHandle {
  readonly context: unique symbol;
}
export interface EngineHandle {
  readonly engine: unique symbol;
}

/** A fault in the platform library's terms. */
export interface NativeFault {
  readonly kind: 'protocol' | 'verify' | 'identity' | 'config' | 'platform';
  readonly reason: string;
  readonly number: number;
  /** `X509_V_ERR_*`, with `kind` `verify`. */
  readonly verifyCode: number;
  /** -1: none. */
  readonly sentAlert: number;
  readonly receivedAlert: number;
}

export interface Failed {
  readonly fault: NativeFault;
}

/** What one call into the engine brought about. */
export interface Outcome {
  readonly ciphertext?: Uint8Array;
  readonly plaintext?: Uint8Array;
  readonly isHandshakeDone?: true;
  readonly isPeerClosed?: true;
  readonly keyLog?: readonly string[];
  readonly fault?: NativeFault;
}

export interface Facts {
  readonly protocol: string;
  readonly cipherSuite: string;
  readonly group: number;
  readonly signatureType: number;
  readonly signatureDigest: number;
  readonly keyType: number;
  readonly alpn?: Uint8Array;
  readonly serverName?: string;
  readonly isRetry: boolean;
  readonly peerChain: readonly Uint8Array[];
  readonly verifiedPath: readonly Uint8Array[];
}

export interface ContextOptions {
  readonly isServer: boolean;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly suites13: string;
  readonly suites12: string;
  readonly groups: string;
  readonly signatureSchemes: string;
  readonly alpn: Uint8Array;
  readonly keyLog: boolean;
  readonly verifyPeer: boolean;
  readonly identities: readonly { readonly chain: readonly Uint8Array[]; readonly privateKey: Uint8Array }[];
}

/** The platform library that the process uses. */
export interface NativeLibrary {
  /** E.g. `OpenSSL 3.0.19`. */
  readonly version: string;
  /** The file that it was loaded from. */
  readonly path: string;
  readonly versionNumber: number;
}

/** The C++ side. Arguments are checked before they get here. */
export interface Addon {
  load(libraryPath: string): NativeLibrary | { readonly tried: readonly string[] };
  createTrustStore(certificates: readonly Uint8Array[], addSystem: boolean): TrustHandle | Failed;
  createContext(options: ContextOptions, trust: TrustHandle | undefined): ContextHandle | Failed;
  createEngine(
    context: ContextHandle,
    serverName: string,
    isAddress: boolean,
    alpn: Uint8Array | undefined,
  ): EngineHandle | Failed;
  start(engine: EngineHandle): Outcome;
  receive(engine: EngineHandle, ciphertext: Uint8Array): Outcome;
  send(engine: EngineHandle, plaintext: Uint8Array): Outcome;
  close(engine: EngineHandle): Outcome;
  updateKeys(engine: EngineHandle): Outcome;
  exportKeyingMaterial(
    engine: EngineHandle,
    label: string,
    context: Uint8Array | undefined,
    length: number,
  ): Uint8Array | undefined;
  facts(engine: EngineHandle): Facts;
  peerChain(engine: EngineHandle): readonly Uint8Array[];
  release(engine: EngineHandle): void;
}

const root = join(import.meta.dirname, '..');
/** Where the binary is: in the published package, and in the workspace. */
const candidates = [
  // in the workspace; what was packed last may be older
  join(root, 'build', 'Release', 'tls_native.node'),
  join(root, 'prebuilds', `${process.platform}-${process.arch}`, 'tls_native.node'),
];

let loaded: Addon | undefined;

/**
 * The addon, loaded by the first call.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` with every place that was tried
 */
export function loadAddon(): Addon {
  if (loaded !== undefined) return loaded;
  const tried: string[] = [];
  for (const path of candidates) {
    if (!existsSync(path)) {
      tried.push(`${path}: not there`);
      continue;
    }
    try {
      loaded = createRequire(import.meta.url)(path) as Addon;
      return loaded;
    } catch (error) {
      tried.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const hint =
    process.platform === 'linux'
      ? 'in a checkout, build it with `node native/build.mjs`'
      : `there is no native backend for ${process.platform} yet; use @org/tls-pure`;
  throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `the native addon cannot be loaded (${tried.join('; ')}); ${hint}`);
}

export function isFailed(value: object): value is Failed {
  return 'fault' in value;
}

import { TlsError, type ClientConfig, type PeerVerifier, type ServerConfig, type TlsBackend } from '@org/tls-core';
import { interfaceVersion, ownOptions } from '@org/tls-core/backend';
import type { Addon, NativeLibrary } from './border/addon.ts';
import { capabilitiesOf } from './context/capabilities.ts';
import { clientContext } from './context/client-context.ts';
import { directDrive, offloadedDrive } from './border/drive.ts';
import { forgetKeysAtExit } from './border/forget-keys.ts';
import type { Host } from './border/host.ts';
import { loadAddon } from './border/load-addon.ts';
import { serverContext } from './context/server-context.ts';
import { readPlatformResumption, type PlatformResumption } from './context/platform-resumption.ts';
import { readPlatformRevocation, type PlatformRevocation } from './trust/platform-revocation.ts';
import { readVerifier } from './trust/verifier-option.ts';

export interface NativeLibraryOptions {
  /**
   * Which library does the work; one process uses one. `system` is the system's own: `libssl.so.3` on Linux, SChannel on Windows, Secure
   * Transport on macOS. `node` is the copy of OpenSSL that Node itself consists of and uses. Default: what the environment variable
   * `TLS_NATIVE_LIBRARY` says; else, on Linux, Node's where it is the newer one and its policy forbids all that the system's forbids, or where
   * the system has none; else the system's. `nativeLibrary()` tells which one it is.
   */
  readonly library?: 'system' | 'node';
  /** A file of OpenSSL's libssl, its libcrypto beside it, instead of either. */
  readonly libraryPath?: string;
}

export interface NativeBackendOptions extends NativeLibraryOptions {
  /**
   * Judges peers' certificates in place of the platform's verifier, e.g. `peerVerifier()` of `@org/x509`. The platform does the
   * handshake either way. Default: the platform's.
   */
  readonly verifier?: PeerVerifier;
  /**
   * True: handshakes are done on threads of their own, so that signatures and key exchanges do not hold up the event loop; each step
   * costs two changes of thread. Default: false.
   */
  readonly offload?: boolean;
  /**
   * Where Windows looks up whether certificates were taken back; no other platform looks by itself. `depth` and `unknownStatus` are those of
   * `revocation` of a configuration, and have the same defaults. Default without this option: what Windows has cached, where an unknown
   * status is accepted.
   */
  readonly revocation?: PlatformRevocation;
  /**
   * Whether Windows resumes the sessions that it keeps to itself: a client's within its context, by the server's name, and a server's within
   * its context. They are no sessions of this interface: there is no `session`, no store and no `tickets`, and only `info.resumed` tells of them.
   * Peers are judged anew each time. A client with `identity` or `selectIdentity` resumes nothing. Default: `none`.
   */
  readonly resumption?: PlatformResumption;
  /** OpenSSL's scale, 0 to 5; not below the system's policy, which is the default. That policy has 2 at least with Node's own OpenSSL. */
  readonly securityLevel?: number;
}

const optionNames = [
  'library',
  'libraryPath',
  'verifier',
  'offload',
  'revocation',
  'resumption',
  'securityLevel',
] as const;

/**
 * TLS by the platform's library.
 * @throws TypeError on an unknown option, or on two libraries at once
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` when no usable library is found, with what was tried; `ERR_TLS_CONFIG` on a security
 *   level below the policy's, and on `revocation` that goes online without `offload`; `ERR_TLS_UNSUPPORTED` on `revocation` where not
 *   Windows judges, and on `resumption` where not Windows does the handshake
 */
export function createBackend(options: NativeBackendOptions = {}): TlsBackend {
  const own = ownOptions(options, optionNames);
  const { offload = false } = own;
  const verifier = readVerifier(own.verifier);
  if (typeof offload !== 'boolean') throw new TypeError(`offload: expected a boolean, got ${typeof offload}`);
  const { addon, library } = open(own);
  const securityLevel = readSecurityLevel(own.securityLevel, library);
  forgetKeysAtExit(addon, library);
  const revocation = readPlatformRevocation(own.revocation, { library, offload, hasVerifier: verifier !== undefined });
  const drive = offload ? offloadedDrive(addon) : directDrive(addon);
  const resumption = readPlatformResumption(own.resumption, library);
  const host: Host = { addon, library, drive, verifier, revocation, resumption, securityLevel };
  const backend: TlsBackend = Object.freeze({
    name: 'native',
    interfaceVersion,
    capabilities: capabilitiesOf(library, verifier),
    createClientContext: (config: ClientConfig) => clientContext(backend, host, config),
    createServerContext: (config: ServerConfig) => serverContext(backend, host, config),
  });
  return backend;
}

/**
 * The library that the backend uses, to be told in a report.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE`
 */
export function nativeLibrary(options: NativeLibraryOptions = {}): NativeLibrary {
  return open(ownOptions(options, ['library', 'libraryPath'])).library;
}

function isMissing(loaded: ReturnType<Addon['load']>): loaded is { readonly tried: readonly string[] } {
  return Object.hasOwn(loaded, 'tried');
}

function readSecurityLevel(level: unknown, { policy }: NativeLibrary): number | undefined {
  if (level === undefined) return undefined;
  if (typeof level !== 'number') throw new TypeError(`securityLevel: expected a number, got ${typeof level}`);
  const lowest = policy?.securityLevel ?? 0;
  if (Number.isInteger(level) && level >= lowest && level <= highestSecurityLevel) return level;
  const option = 'securityLevel';
  const expected = `a whole number from ${lowest}, which the policy allows, to ${highestSecurityLevel}`;
  throw new TlsError('ERR_TLS_CONFIG', `securityLevel: expected ${expected}, got ${level}`, { option });
}

const highestSecurityLevel = 5;

interface GivenLibrary {
  readonly library?: unknown;
  readonly libraryPath?: unknown;
}

function open(given: GivenLibrary): { readonly addon: Addon; readonly library: NativeLibrary } {
  const { libraryPath = '' } = given;
  if (typeof libraryPath !== 'string') throw new TypeError(`libraryPath: expected a string, got ${typeof libraryPath}`);
  const origin = originOf(given);
  const addon = loadAddon();
  const loaded = addon.load(libraryPath, origin);
  if (isMissing(loaded)) {
    throw new TlsError(
      'ERR_TLS_BACKEND_UNAVAILABLE',
      `no usable library was found (${loaded.tried.join('; ')})${process.platform === 'linux' ? '; on Debian: apt-get install libssl3' : ''}`,
    );
  }
  return { addon, library: loaded };
}

/** The numbers of `load`. */
const origins = { system: 1, node: 2 } as const;

function originOf({ library, libraryPath }: GivenLibrary): number {
  if (library !== undefined && libraryPath !== undefined)
    throw new TypeError('library: expected nothing beside libraryPath, which names one already');
  if (libraryPath !== undefined) return 0;
  const { TLS_NATIVE_LIBRARY: ofEnvironment } = process.env;
  const [name, wish] = library === undefined ? ['TLS_NATIVE_LIBRARY', ofEnvironment] : ['library', library];
  if (wish === undefined || (library === undefined && wish === '')) return 0;
  if (wish === 'system' || wish === 'node') return origins[wish];
  throw new TypeError(`${name}: expected system or node, got ${typeof wish === 'string' ? wish : typeof wish}`);
}

import { TlsError, type ClientConfig, type PeerVerifier, type ServerConfig, type TlsBackend } from '@org/tls-core';
import { interfaceVersion, ownOptions } from '@org/tls-core/backend';
import type { Addon, NativeLibrary } from './border/addon.ts';
import { capabilitiesOf } from './context/capabilities.ts';
import { clientContext } from './context/client-context.ts';
import { directDrive, offloadedDrive } from './border/drive.ts';
import type { Host } from './border/host.ts';
import { loadAddon } from './border/load-addon.ts';
import { serverContext } from './context/server-context.ts';
import { readVerifier } from './trust/verifier-option.ts';

export interface NativeLibraryOptions {
  /** A file of OpenSSL's libssl, its libcrypto beside it; default: the system's `libssl.so.3`. One process uses one. */
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
  /** OpenSSL's scale, 0 to 5; not below the system's policy, which is the default. */
  readonly securityLevel?: number;
}

/**
 * TLS by the platform's library.
 * @throws TypeError on an unknown option
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` when no usable library is found, with what was tried; `ERR_TLS_CONFIG` on a security
 *   level below the policy's
 */
export function createBackend(options: NativeBackendOptions = {}): TlsBackend {
  const own = ownOptions(options, ['libraryPath', 'verifier', 'offload', 'securityLevel']);
  const { offload = false, securityLevel, libraryPath } = own;
  const verifier = readVerifier(own.verifier);
  if (typeof offload !== 'boolean') throw new TypeError(`offload: expected a boolean, got ${typeof offload}`);
  const { addon, library } = open(libraryPath);
  checkSecurityLevel(securityLevel, library);
  const drive = offload ? offloadedDrive(addon) : directDrive(addon);
  const host: Host = { addon, library, drive, verifier, securityLevel };
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
  return open(ownOptions(options, ['libraryPath']).libraryPath).library;
}

function isMissing(loaded: ReturnType<Addon['load']>): loaded is { readonly tried: readonly string[] } {
  return Object.hasOwn(loaded, 'tried');
}

function checkSecurityLevel(level: unknown, { policy }: NativeLibrary): void {
  if (level === undefined) return;
  if (typeof level !== 'number') throw new TypeError(`securityLevel: expected a number, got ${typeof level}`);
  const lowest = policy?.securityLevel ?? 0;
  if (Number.isInteger(level) && level >= lowest && level <= highestSecurityLevel) return;
  const option = 'securityLevel';
  const expected = `a whole number from ${lowest}, which is the system’s policy, to ${highestSecurityLevel}`;
  throw new TlsError('ERR_TLS_CONFIG', `securityLevel: expected ${expected}, got ${level}`, { option });
}

const highestSecurityLevel = 5;

function open(libraryPath: unknown = ''): { readonly addon: Addon; readonly library: NativeLibrary } {
  if (typeof libraryPath !== 'string') throw new TypeError(`libraryPath: expected a string, got ${typeof libraryPath}`);
  const addon = loadAddon();
  const loaded = addon.load(libraryPath);
  if (isMissing(loaded)) {
    throw new TlsError(
      'ERR_TLS_BACKEND_UNAVAILABLE',
      `no usable library was found (${loaded.tried.join('; ')})${process.platform === 'linux' ? '; on Debian: apt-get install libssl3' : ''}`,
    );
  }
  return { addon, library: loaded };
}

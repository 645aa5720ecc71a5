import {
  interfaceVersion,
  TlsError,
  type ClientConfig,
  type PeerVerifier,
  type ServerConfig,
  type TlsBackend,
} from '@org/tls-core';
import type { Addon, NativeLibrary } from './addon.ts';
import { capabilitiesOf } from './capabilities.ts';
import { clientContext } from './client-context.ts';
import { loadAddon } from './load-addon.ts';
import { serverContext } from './server-context.ts';
import { checkVerifier } from './verifier-option.ts';

export interface NativeLibraryOptions {
  /** A file of OpenSSL's libssl, its libcrypto beside it; default: the system's `libssl.so.3`. One process uses one. */
  readonly libraryPath?: string;
}

export interface NativeBackendOptions extends NativeLibraryOptions {
  /**
   * Judges peers' certificates in place of the platform's verifier, e.g. `peerVerifier()` of `@org/tls-pure/x509`. The platform does the
   * handshake either way. Default: the platform's.
   */
  readonly verifier?: PeerVerifier;
}

/**
 * TLS by the platform's library.
 * @throws TypeError on an unknown option
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` when no usable library is found, with what was tried
 */
export function createBackend(options: NativeBackendOptions = {}): TlsBackend {
  const { verifier, ...libraryOptions } = options;
  checkVerifier(verifier);
  const { addon, library } = open(libraryOptions, ['libraryPath', 'verifier']);
  const backend: TlsBackend = Object.freeze({
    name: 'native',
    interfaceVersion,
    capabilities: capabilitiesOf(library, verifier),
    createClientContext: (config: ClientConfig) => clientContext(backend, addon, library, config, verifier),
    createServerContext: (config: ServerConfig) => serverContext(backend, addon, library, config, verifier),
  });
  return backend;
}

/**
 * The library that the backend uses, to be told in a report.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE`
 */
export function nativeLibrary(options: NativeLibraryOptions = {}): NativeLibrary {
  return open(options, ['libraryPath']).library;
}

function open(
  options: NativeLibraryOptions,
  known: readonly string[],
): { readonly addon: Addon; readonly library: NativeLibrary } {
  const { libraryPath = '', ...surplus } = options;
  const [unknown] = Object.keys(surplus);
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\`; known: ${known.join(', ')}`);
  if (typeof libraryPath !== 'string') throw new TypeError(`libraryPath: expected a string, got ${typeof libraryPath}`);
  const addon = loadAddon();
  const loaded = addon.load(libraryPath);
  if ('tried' in loaded) {
    throw new TlsError(
      'ERR_TLS_BACKEND_UNAVAILABLE',
      `no usable OpenSSL 3 was found (${loaded.tried.join('; ')}); on Debian: apt-get install libssl3`,
    );
  }
  return { addon, library: loaded };
}

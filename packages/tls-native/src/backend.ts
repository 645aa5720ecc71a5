import { interfaceVersion, TlsError, type ClientConfig, type ServerConfig, type TlsBackend } from '@org/tls-core';
import { loadAddon, type Addon, type NativeLibrary } from './addon.ts';
import { capabilitiesOf } from './capabilities.ts';
import { clientContext } from './client-context.ts';
import { serverContext } from './server-context.ts';

export interface NativeBackendOptions {
  /** A file of OpenSSL's libssl, its libcrypto beside it; default: the system's `libssl.so.3`. One process uses one. */
  readonly libraryPath?: string;
}

/**
 * TLS by the platform's library.
 * @throws TypeError on an unknown option
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` when no usable library is found, with what was tried
 */
export function createBackend(options: NativeBackendOptions = {}): TlsBackend {
  const { addon, library } = open(options);
  const backend: TlsBackend = Object.freeze({
    name: 'native',
    interfaceVersion,
    capabilities: capabilitiesOf(library),
    createClientContext: (config: ClientConfig) => clientContext(backend, addon, library, config),
    createServerContext: (config: ServerConfig) => serverContext(backend, addon, library, config),
  });
  return backend;
}

/**
 * The library that the backend uses, to be told in a report.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE`
 */
export function nativeLibrary(options: NativeBackendOptions = {}): NativeLibrary {
  return open(options).library;
}

function open(options: NativeBackendOptions): { readonly addon: Addon; readonly library: NativeLibrary } {
  const { libraryPath = '', ...surplus } = options;
  const [unknown] = Object.keys(surplus);
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\`; known: libraryPath`);
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

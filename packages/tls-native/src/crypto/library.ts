import { isAbsolute } from 'node:path';
import { TlsError } from '@org/tls-core';
import type { CryptoAddon, CryptoLibrary } from '../border/crypto-addon.ts';
import { loadAddon } from '../border/load-addon.ts';

/** The addon's functions, which are loaded with this module: whoever imports the provider learns at once whether it can be used. */
export const addon: CryptoAddon = load();

const { library } = addon;
const { source, version, hasMlKem, hasMlDsa } = library;
const path = isAbsolute(library.path) ? library.path : process.execPath;
const description: CryptoLibrary = Object.freeze({ source, version, path, hasMlKem, hasMlDsa });

/** Tells which OpenSSL `nativeCrypto` uses, for a report. */
export function nativeCryptoLibrary(): CryptoLibrary {
  return description;
}

function load(): CryptoAddon {
  const loaded = loadAddon().loadCrypto();
  if (!('tried' in loaded)) return loaded;
  throw new TlsError(
    'ERR_TLS_BACKEND_UNAVAILABLE',
    `nativeCrypto: no usable OpenSSL was found (${loaded.tried.join('; ')}); use nodeCrypto of @org/tls-crypto/node`,
  );
}

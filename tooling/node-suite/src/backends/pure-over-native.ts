import type { TlsBackend } from '@org/tls-core';
import { nativeCrypto } from '@org/tls-native/crypto';
import { createBackend as createPure } from '@org/tls-pure';

/** A module for `TLS_BACKEND`: tls-pure with this provider. */
export function createBackend(): TlsBackend {
  return createPure({ crypto: nativeCrypto });
}

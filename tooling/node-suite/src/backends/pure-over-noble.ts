import type { TlsBackend } from '@org/tls-core';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { createBackend as createPure } from '@org/tls-pure';

/** A module for `TLS_BACKEND`: tls-pure with this provider. */
export function createBackend(): TlsBackend {
  return createPure({ crypto: nobleCrypto });
}

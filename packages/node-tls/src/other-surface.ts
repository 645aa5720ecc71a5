import { codedError, refused } from './coded-error.ts';
import { tlsDefaults } from './context/tls-defaults.ts';
import { SecureContext } from './secure-context.ts';

/** @throws Error always: Node has deprecated it since its version 0.11, and `new TLSSocket(duplex)` does what it did */
export function createSecurePair(context?: unknown): never {
  if (context !== undefined && context !== null && !(context instanceof SecureContext))
    throw codedError('ERR_TLS_INVALID_CONTEXT', 'context must be a SecureContext', TypeError);
  throw refused('createSecurePair()', 'use new TLSSocket(duplex, options)');
}

/** What the defaults were when this was imported. They are changed by `tlsDefaults`, since an import cannot be written to. */
export const { DEFAULT_CIPHERS, DEFAULT_ECDH_CURVE, DEFAULT_MIN_VERSION, DEFAULT_MAX_VERSION } = tlsDefaults;

/** What Node's function of this name gives from Node 24 on. None: tls-core's own configuration has compressors (RFC 8879). */
export function getCertificateCompressionAlgorithms(): string[] {
  return [];
}

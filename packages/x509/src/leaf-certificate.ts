import { TlsError } from '@org/tls-core';
import { cachedCertificate } from './certificate-cache.ts';
import type { Certificate } from './certificate.ts';

/**
 * Reads a chain's first certificate. The same certificate gives the same object while that is cached.
 * @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when the chain is empty or its leaf malformed, `ERR_TLS_CERTIFICATE_UNSUPPORTED` on a key of
 *   another kind
 */
export function leafCertificate(chain: readonly Uint8Array[]): Certificate {
  const [leaf] = chain;
  if (leaf === undefined) throw new TlsError('ERR_TLS_CERTIFICATE_BAD', 'the chain is empty');
  return cachedCertificate(leaf);
}

import { ByteCache } from './byte-cache.ts';
import { parseCertificate, type Certificate } from './certificate.ts';

const certificates = new ByteCache<Certificate>(512, 8192);

/**
 * Parses as `parseCertificate` does, but the same bytes give the same object while it is among the last 512 seen.
 * @throws TlsError as `parseCertificate` does
 */
export function cachedCertificate(der: Uint8Array): Certificate {
  return certificates.get(der, (bytes) => parseCertificate(bytes));
}

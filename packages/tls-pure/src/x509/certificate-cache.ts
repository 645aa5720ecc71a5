import { equalBytes } from '../crypto/bytes.ts';
import { parseCertificate, type Certificate } from './certificate.ts';

const maxEntries = 512;
/** Larger certificates are parsed each time, so that peers cannot make the cache large. */
const maxCachedLength = 8192;

/** One per fingerprint; a newcomer with the same one takes the place. Insertion order is age. */
const entries = new Map<number, Certificate>();

/**
 * As `parseCertificate`, but the same bytes give the same object while it is among the last 512 seen.
 * @throws TlsError as `parseCertificate`
 */
export function cachedCertificate(der: Uint8Array): Certificate {
  if (der.length > maxCachedLength) return parseCertificate(der);
  const key = fingerprint(der);
  const found = entries.get(key);
  if (found !== undefined && equalBytes(found.der, der)) return found;
  // a copy: a view would keep the whole message alive
  const certificate = parseCertificate(der.slice());
  entries.delete(key);
  entries.set(key, certificate);
  if (entries.size > maxEntries) {
    for (const oldest of entries.keys()) {
      entries.delete(oldest);
      break;
    }
  }
  return certificate;
}

/** A cheap number over the end of the signature; equality is checked over all bytes. */
function fingerprint(der: Uint8Array): number {
  let value = der.length;
  for (let index = Math.max(0, der.length - 24); index < der.length; index += 1) {
    value = (Math.imul(value, 31) + (der[index] ?? 0)) | 0;
  }
  return value;
}

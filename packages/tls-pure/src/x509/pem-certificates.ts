import { decodePem } from './pem.ts';

/**
 * The certificates (DER) in PEM text.
 * @throws TlsError `ERR_TLS_CONFIG` as `decodePem`
 */
export function certificatesIn(pem: string): readonly Uint8Array[] {
  return decodePem(pem, 'ERR_TLS_CONFIG')
    .filter(({ label }) => labels.includes(label))
    .map(({ der }) => der);
}

/** RFC 7468 §5.3: the latter two are old names of the same. TRUSTED CERTIFICATE is another thing. */
const labels: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'X.509 CERTIFICATE'];

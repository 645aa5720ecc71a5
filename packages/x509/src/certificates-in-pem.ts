import { TlsError, isTlsError } from '@org/tls-core';
import { certificatesInPem as blocksOf } from '@org/tls-core/backend';

/**
 * Reads the certificates in PEM text (RFC 7468 §5), in order, as `verifyChain` takes a chain. Other blocks, such as a private key, are left
 * out.
 * @returns the certificates in DER, at least one
 * @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when there is none, or the text is no PEM
 */
export function certificatesInPem(text: string): readonly Uint8Array[] {
  const certificates = blocksIn(text);
  if (certificates.length === 0) throw new TlsError('ERR_TLS_CERTIFICATE_BAD', 'PEM: expected a CERTIFICATE, got none');
  return certificates;
}

function blocksIn(text: string): readonly Uint8Array[] {
  try {
    return blocksOf(text, 'trust');
  } catch (cause) {
    // The text does not come from an option of a configuration here, so that the code is another one.
    if (isTlsError(cause)) throw new TlsError('ERR_TLS_CERTIFICATE_BAD', cause.message, { cause });
    throw cause;
  }
}

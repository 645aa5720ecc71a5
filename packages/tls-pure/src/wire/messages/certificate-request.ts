import { readExtensions, type Extensions } from '../extension.ts';
import { decodeAll } from '../reader.ts';

/** CertificateRequest of TLS 1.3 (RFC 8446 §4.3.2). */
export interface CertificateRequest {
  readonly certificateRequestContext: Uint8Array;
  readonly extensions: Extensions;
}

export function decodeCertificateRequest(body: Uint8Array): CertificateRequest {
  return decodeAll(body, 'CertificateRequest', (reader) => ({
    certificateRequestContext: reader.vector8(),
    extensions: readExtensions(reader, 'CertificateRequest'),
  }));
}

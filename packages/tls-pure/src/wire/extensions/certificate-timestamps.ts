import { decodeAll } from '@org/tls-core/backend';
import { readTimestampList } from '@org/x509';
import { ExtensionType, type Extension } from '../extension.ts';

/** A client's `signed_certificate_timestamp`, or a CertificateRequest's: empty (RFC 6962 §3.3.1). */
export const certificateTimestampRequest: Extension = {
  type: ExtensionType.signedCertificateTimestamp,
  body: new Uint8Array(0),
};

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty (RFC 6962 §3.3.1) */
export function decodeCertificateTimestampRequest(body: Uint8Array): void {
  decodeAll(body, 'signed_certificate_timestamp', () => undefined);
}

/** @param list a `SignedCertificateTimestampList` */
export function encodeCertificateTimestamps(list: Uint8Array): Extension {
  return { type: ExtensionType.signedCertificateTimestamp, body: list };
}

/**
 * @returns the `SignedCertificateTimestampList` as it came
 * @throws TlsError `ERR_TLS_DECODE` when it, or one of its members, is empty or malformed (RFC 6962 §3.3)
 */
export function decodeCertificateTimestamps(body: Uint8Array): Uint8Array {
  readTimestampList(body);
  return body;
}

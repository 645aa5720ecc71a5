import { writeExtensions, type Extension, type Extensions } from '../extension.ts';
import { readExtensions } from '../extension-places.ts';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** CertificateRequest of TLS 1.3 (RFC 8446 §4.3.2). */
export interface CertificateRequest13 {
  readonly certificateRequestContext: Uint8Array;
  readonly extensions: Extensions;
}

export function decodeCertificateRequest13(body: Uint8Array): CertificateRequest13 {
  return decodeAll(body, 'CertificateRequest', (reader) => ({
    certificateRequestContext: reader.vector8(),
    extensions: readExtensions(reader, 'CertificateRequest'),
  }));
}

/** The request of a handshake, whose context is empty (RFC 8446 §4.3.2). */
export function encodeCertificateRequest13(extensions: readonly Extension[]): Uint8Array {
  return encodeHandshake(HandshakeType.certificateRequest, (body) => {
    body.uint8(0);
    writeExtensions(body, extensions);
  });
}

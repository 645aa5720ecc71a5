import { readExtensions, writeExtensions, type Extensions } from '../extension.ts';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '../reader.ts';

export interface CertificateEntry {
  /** DER. */
  readonly certData: Uint8Array;
  readonly extensions: Extensions;
}

/** Certificate of TLS 1.3 (RFC 8446 §4.4.2). */
export interface CertificateMessage {
  readonly certificateRequestContext: Uint8Array;
  readonly certificateList: readonly CertificateEntry[];
}

export function decodeCertificate(body: Uint8Array): CertificateMessage {
  return decodeAll(body, 'Certificate', (reader) => ({
    certificateRequestContext: reader.vector8(),
    certificateList: reader.list24(0, (each) => ({
      certData: each.vector24(1),
      extensions: readExtensions(each, 'Certificate'),
    })),
  }));
}

/** A whole Certificate message with no extensions on its entries; an empty chain is a client that has none. */
export function encodeCertificate(certificateRequestContext: Uint8Array, chain: readonly Uint8Array[]): Uint8Array {
  return encodeHandshake(
    HandshakeType.certificate,
    (body) => {
      body.vector8(() => body.bytes(certificateRequestContext));
      body.vector24(() => {
        for (const certificate of chain) {
          body.vector24(() => body.bytes(certificate));
          writeExtensions(body, []);
        }
      });
    },
    chain.reduce((sum, certificate) => sum + certificate.length + 5, 8 + certificateRequestContext.length),
  );
}

import { writeExtensions, type Extension, type Extensions } from '../extension.ts';
import { readExtensions } from '../extension-places.ts';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

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

/**
 * Entries that a Certificate message may have. A path has eight certificates at most, and those who send along whole stores of roots
 * rarely come to this before they come to 64 KiB.
 */
export const maxCertificates = 64;

/** @throws TlsError `ERR_TLS_LIMIT` on more than 64 certificates */
export function decodeCertificate13(body: Uint8Array): CertificateMessage {
  return decodeAll(body, 'Certificate', (reader) => ({
    certificateRequestContext: reader.vector8(),
    certificateList: reader.list24(0, maxCertificates, (each) => ({
      certData: each.vector24(1),
      extensions: readExtensions(each, 'Certificate'),
    })),
  }));
}

/**
 * A whole Certificate message; without entries it is a client's that has none.
 * @param entries certificates, leaf first, or one SubjectPublicKeyInfo (RFC 7250)
 * @param leafExtensions of the first entry; the others have none
 */
export function encodeCertificate13(
  certificateRequestContext: Uint8Array,
  entries: readonly Uint8Array[],
  leafExtensions: readonly Extension[] = [],
): Uint8Array {
  return encodeHandshake(
    HandshakeType.certificate,
    (body) => {
      body.vector8(() => body.bytes(certificateRequestContext));
      body.vector24(() => {
        for (const [index, entry] of entries.entries()) {
          body.vector24(() => body.bytes(entry));
          writeExtensions(body, index === 0 ? leafExtensions : []);
        }
      });
    },
    entries.reduce((sum, entry) => sum + entry.length + 5, 8 + certificateRequestContext.length),
  );
}

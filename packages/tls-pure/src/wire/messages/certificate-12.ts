import type { CertificateType } from '@org/tls-core';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';
import { maxCertificates } from './certificate-13.ts';

/**
 * Certificate of TLS 1.2 (RFC 5246 §7.4.2, §7.4.6; RFC 7250 §3).
 * @returns DER, the sender's own certificate first, or one SubjectPublicKeyInfo; empty from a client that has none
 * @throws TlsError `ERR_TLS_LIMIT` on more than 64 certificates
 */
export function decodeCertificate12(body: Uint8Array, type: CertificateType = 'X509'): readonly Uint8Array[] {
  return decodeAll(body, 'Certificate', (reader) => {
    if (type === 'X509') return reader.list24(0, maxCertificates, (each) => each.vector24(1));
    const key = reader.vector24();
    return key.length === 0 ? [] : [key];
  });
}

/** @param entries certificates, or one SubjectPublicKeyInfo, which stands in no list */
export function encodeCertificate12(entries: readonly Uint8Array[], type: CertificateType = 'X509'): Uint8Array {
  return encodeHandshake(
    HandshakeType.certificate,
    (body) => {
      body.vector24(() => {
        for (const entry of entries) {
          if (type === 'X509') body.vector24(() => body.bytes(entry));
          else body.bytes(entry);
        }
      });
    },
    entries.reduce((sum, entry) => sum + entry.length + 3, 7),
  );
}

import { CertificateStatusType } from '../extensions/status-request.ts';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll, Writer } from '@org/tls-core/backend';
import { illegalParameter } from '../illegal-parameter.ts';

/**
 * CertificateStatus (RFC 6066 §8): the whole message's body of TLS 1.2, and of a `status_request` in a TLS 1.3 Certificate
 * (RFC 8446 §4.4.2.1).
 * @returns a DER OCSPResponse
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on any other type of status: no other is ever asked for
 */
export function decodeCertificateStatus(body: Uint8Array): Uint8Array {
  return decodeAll(body, 'CertificateStatus', (reader) => {
    const statusType = reader.uint8();
    if (statusType !== CertificateStatusType.ocsp)
      throw illegalParameter(`CertificateStatus: status_type ${statusType} was not asked for`);
    return reader.vector24(1);
  });
}

/** @param ocspResponse DER, not empty */
export function encodeCertificateStatus(ocspResponse: Uint8Array): Uint8Array {
  return encodeHandshake(
    HandshakeType.certificateStatus,
    (body) => {
      writeStatus(body, ocspResponse);
    },
    8 + ocspResponse.length,
  );
}

/** The same in a CertificateEntry of TLS 1.3 (RFC 8446 §4.4.2.1). */
export function certificateStatusExtension(ocspResponse: Uint8Array): Extension {
  const body = new Writer(4 + ocspResponse.length);
  writeStatus(body, ocspResponse);
  return { type: ExtensionType.statusRequest, body: body.finish() };
}

function writeStatus(body: Writer, ocspResponse: Uint8Array): void {
  body.uint8(CertificateStatusType.ocsp).vector24(() => body.bytes(ocspResponse));
}

import { checkByteStrings, decodeAll } from '@org/tls-core/backend';
import { ExtensionType, type Extension } from '../extension.ts';

/** Kinds of certificate status (RFC 6066 §8). */
export const CertificateStatusType = { ocsp: 1 } as const;

/** A client's `status_request` for an OCSP response from any responder: both lists are empty (RFC 6066 §8). */
export const ocspStatusRequest: Extension = {
  type: ExtensionType.statusRequest,
  body: Uint8Array.of(CertificateStatusType.ocsp, 0, 0, 0, 0),
};

/**
 * A client's `status_request`.
 * @returns whether it asks for OCSP; other types of status are not known, nor is their syntax
 */
export function decodeStatusRequest(body: Uint8Array): boolean {
  return decodeAll(body, 'status_request', (reader) => {
    const isOcsp = reader.uint8() === CertificateStatusType.ocsp;
    if (!isOcsp) {
      reader.bytes(reader.remaining);
      return false;
    }
    checkByteStrings(reader.vector16(), 2, 1, 'responder_id_list');
    reader.vector16(); // request_extensions
    return true;
  });
}

/** The server's announcement of a CertificateStatus message, empty (RFC 6066 §8). */
export const statusRequestAcknowledgement: Extension = { type: ExtensionType.statusRequest, body: new Uint8Array(0) };

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty (RFC 6066 §8) */
export function decodeStatusRequestAcknowledgement(body: Uint8Array): void {
  decodeAll(body, 'status_request', () => undefined);
}

import { checkByteStrings, decodeAll } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/** Asks for an OCSP response, which comes in a CertificateStatus of TLS 1.2 or the Certificate of TLS 1.3 (RFC 6066 §8, RFC 8446 §4.4.2.1). */
export const statusRequest = {
  type: ExtensionType.statusRequest,
  name: 'status_request',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: ['ClientHello', 'CertificateRequest', 'Certificate'],

  offer({ settings }: { readonly settings: { readonly config: { readonly ocspStapling: boolean } } }) {
    return settings.config.ocspStapling ? ocspStatusRequest : undefined;
  },

  readOffer: decodeStatusRequest,

  answer(_offered: boolean, { choices }: { readonly choices: { readonly sendsCertificateStatus: boolean } }) {
    return choices.sendsCertificateStatus ? statusRequestAcknowledgement : undefined;
  },

  readAnswer: decodeStatusRequestAcknowledgement,
} as const satisfies ExtensionDefinition<boolean>;

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
export function decodeStatusRequestAcknowledgement(body: Uint8Array): true {
  return decodeAll(body, 'status_request', () => true);
}

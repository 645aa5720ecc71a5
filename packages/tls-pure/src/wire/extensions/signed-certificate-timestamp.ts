import { decodeAll } from '@org/tls-core/backend';
import { readTimestampList } from '@org/x509';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/** Asks for the timestamps of the server's certificate, which come in the ServerHello of TLS 1.2 or the Certificate of TLS 1.3 (RFC 6962 §3.3). */
export const signedCertificateTimestamp = {
  type: ExtensionType.signedCertificateTimestamp,
  name: 'signed_certificate_timestamp',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: ['ClientHello', 'CertificateRequest', 'Certificate'],

  offer({ settings }: { readonly settings: { readonly config: { readonly requestCertificateTimestamps: boolean } } }) {
    return settings.config.requestCertificateTimestamps ? timestampRequest : undefined;
  },

  /** @throws TlsError `ERR_TLS_DECODE` unless it is empty (RFC 6962 §3.3.1) */
  readOffer: (body) => decodeAll(body, 'signed_certificate_timestamp', () => true as const),

  answer(
    _offered: true,
    { choices }: { readonly choices: { readonly signedCertificateTimestamps: Uint8Array | undefined } },
  ) {
    const list = choices.signedCertificateTimestamps;
    return list === undefined ? undefined : encodeCertificateTimestamps(list);
  },

  readAnswer: decodeCertificateTimestamps,
} as const satisfies ExtensionDefinition<true>;

/** A client's `signed_certificate_timestamp`, or a CertificateRequest's: empty (RFC 6962 §3.3.1). */
const timestampRequest: Extension = { type: ExtensionType.signedCertificateTimestamp, body: new Uint8Array(0) };

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

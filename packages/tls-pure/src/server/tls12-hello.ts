import { TlsError, type CertificateType } from '@org/tls-core';
import { ExtensionType } from '../wire/extension.ts';
import { decodeCertificateTimestampRequest } from '../wire/extensions/certificate-timestamps.ts';
import { decodeCertificateTypes } from '../wire/extensions/certificate-types.ts';
import { decodeCompressCertificate } from '../wire/extensions/compress-certificate.ts';
import { decodeEcPointFormats } from '../wire/extensions/ec-point-formats.ts';
import { decodeExtendedMasterSecret } from '../wire/extensions/extended-master-secret.ts';
import { decodeRecordSizeLimit } from '../wire/extensions/record-size-limit.ts';
import { decodeInitialRenegotiationInfo, emptyRenegotiationInfoScsv } from '../wire/extensions/renegotiation-info.ts';
import { decodeStatusRequest } from '../wire/extensions/status-request.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';

/** A ClientHello as TLS 1.2 reads it. */
export interface ClientHello12 extends ClientHelloMessage {
  readonly offersExtendedMainSecret: boolean;
  readonly knowsRenegotiationInfo: boolean;
  /** The ticket; empty: the client wants one. `undefined`: it does not. */
  readonly sessionTicket: Uint8Array | undefined;
  readonly sendsPointFormats: boolean;
  readonly wantsOcspResponse: boolean;
  readonly wantsCertificateTimestamps: boolean;
  readonly clientCertificateTypes: readonly CertificateType[] | undefined;
  readonly serverCertificateTypes: readonly CertificateType[] | undefined;
  readonly recordSizeLimit: number | undefined;
}

/** Checks all of a ClientHello that does not depend on our configuration (RFC 5246 §7.4.1.2). */
export function checkClientHello12(hello: ClientHelloMessage): ClientHello12 {
  const { extensions } = hello;
  if (!hello.legacyCompressionMethods.includes(0))
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'ClientHello: the null compression method is missing');
  extensions.decode(ExtensionType.ecPointFormats, decodeEcPointFormats);
  extensions.decode(ExtensionType.renegotiationInfo, decodeInitialRenegotiationInfo);
  extensions.decode(ExtensionType.extendedMasterSecret, decodeExtendedMasterSecret);
  extensions.decode(ExtensionType.signedCertificateTimestamp, decodeCertificateTimestampRequest);
  extensions.decode(ExtensionType.compressCertificate, decodeCompressCertificate); // for TLS 1.3 only, and yet to be well-formed
  return {
    ...hello,
    offersExtendedMainSecret: extensions.has(ExtensionType.extendedMasterSecret),
    knowsRenegotiationInfo:
      extensions.has(ExtensionType.renegotiationInfo) || hello.cipherSuites.includes(emptyRenegotiationInfoScsv),
    sessionTicket: extensions.get(ExtensionType.sessionTicket),
    sendsPointFormats: extensions.has(ExtensionType.ecPointFormats),
    wantsOcspResponse: extensions.decode(ExtensionType.statusRequest, decodeStatusRequest) ?? false,
    wantsCertificateTimestamps: extensions.has(ExtensionType.signedCertificateTimestamp),
    clientCertificateTypes: extensions.decode(ExtensionType.clientCertificateType, decodeCertificateTypes),
    serverCertificateTypes: extensions.decode(ExtensionType.serverCertificateType, decodeCertificateTypes),
    recordSizeLimit: extensions.decode(ExtensionType.recordSizeLimit, decodeRecordSizeLimit),
  };
}

import type { CertificateType } from '@org/tls-core';
import { ExtensionType, type Extension } from '../wire/extension.ts';
import { encodeAlpn } from '../wire/extensions/alpn.ts';
import { encodeCertificateTimestamps } from '../wire/extensions/certificate-timestamps.ts';
import { encodeCertificateType } from '../wire/extensions/certificate-types.ts';
import { uncompressedPointFormats } from '../wire/extensions/ec-point-formats.ts';
import { extendedMasterSecretExtension } from '../wire/extensions/extended-master-secret.ts';
import { encodeRecordSizeLimit } from '../wire/extensions/record-size-limit.ts';
import { initialRenegotiationInfo } from '../wire/extensions/renegotiation-info.ts';
import { serverNameAcknowledgement } from '../wire/extensions/server-name.ts';
import { sessionTicketAnnouncement } from '../wire/extensions/session-ticket.ts';
import { statusRequestAcknowledgement } from '../wire/extensions/status-request.ts';
import type { ServerSettings } from './server-settings.ts';
import type { ClientHello12 } from './tls12-hello.ts';

/** What a server says in the ServerHello of TLS 1.2. */
export interface ServerHelloChoices12 {
  readonly alpnProtocol: Uint8Array | undefined;
  readonly givesTicket: boolean;
  readonly serverCertificateType: CertificateType;
  /** `undefined`: a session is resumed, and nobody sends a certificate. */
  readonly fullHandshake: FullHandshakeChoices | undefined;
}

/** What only the ServerHello of a full handshake says. */
export interface FullHandshakeChoices {
  /** A CertificateStatus follows the certificate (RFC 6066 §8). */
  readonly sendsCertificateStatus: boolean;
  /** A SignedCertificateTimestampList (RFC 6962 §3.3) of the certificate; `undefined`: there is none. */
  readonly signedCertificateTimestamps: Uint8Array | undefined;
  /** `undefined`: the client is not asked for a certificate. */
  readonly clientCertificateType: CertificateType | undefined;
}

/** The extensions of a ServerHello of TLS 1.2, in the order in which they are sent (RFC 5246 §7.4.1.4). */
export function serverHelloExtensions12(
  { recordSizeLimit }: ServerSettings,
  hello: ClientHello12,
  { alpnProtocol, givesTicket, serverCertificateType, fullHandshake }: ServerHelloChoices12,
): readonly Extension[] {
  const extensions: Extension[] = [];
  if (hello.knowsRenegotiationInfo) extensions.push(initialRenegotiationInfo);
  if (hello.offersExtendedMainSecret) extensions.push(extendedMasterSecretExtension);
  if (hello.sendsPointFormats) extensions.push(uncompressedPointFormats);
  if (givesTicket) extensions.push(sessionTicketAnnouncement);
  if (hello.serverCertificateTypes?.includes(serverCertificateType) === true)
    extensions.push(encodeCertificateType(ExtensionType.serverCertificateType, serverCertificateType));
  if (alpnProtocol !== undefined) extensions.push(encodeAlpn([alpnProtocol]));
  if (hello.recordSizeLimit !== undefined && recordSizeLimit !== undefined)
    extensions.push(encodeRecordSizeLimit(recordSizeLimit));
  if (fullHandshake !== undefined) extensions.push(...ofFullHandshake(hello, fullHandshake));
  return extensions;
}

function ofFullHandshake(hello: ClientHello12, choices: FullHandshakeChoices): readonly Extension[] {
  const { sendsCertificateStatus, signedCertificateTimestamps, clientCertificateType } = choices;
  const extensions: Extension[] = [];
  // RFC 6066 §3: the name is not acknowledged when a session is resumed
  if (hello.serverName !== undefined) extensions.push(serverNameAcknowledgement);
  if (sendsCertificateStatus) extensions.push(statusRequestAcknowledgement);
  if (hello.wantsCertificateTimestamps && signedCertificateTimestamps !== undefined)
    extensions.push(encodeCertificateTimestamps(signedCertificateTimestamps));
  if (clientCertificateType !== undefined && hello.clientCertificateTypes !== undefined)
    extensions.push(encodeCertificateType(ExtensionType.clientCertificateType, clientCertificateType));
  return extensions;
}

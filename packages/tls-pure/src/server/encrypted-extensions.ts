import type { CertificateType } from '@org/tls-core';
import { encodeRetryConfigs } from '../ech/extension.ts';
import { ExtensionType, type Extension } from '../wire/extension.ts';
import { encodeAlpn } from '../wire/extensions/alpn.ts';
import { encodeCertificateType } from '../wire/extensions/certificate-types.ts';
import { earlyDataIndication } from '../wire/extensions/early-data.ts';
import { encodeRecordSizeLimit } from '../wire/extensions/record-size-limit.ts';
import { serverNameAcknowledgement } from '../wire/extensions/server-name.ts';
import { encodeExpectedTickets } from '../wire/extensions/ticket-request.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import type { ServerSettings } from './server-settings.ts';

/** What a server says in its EncryptedExtensions. */
export interface EncryptedChoices {
  readonly alpnProtocol: Uint8Array | undefined;
  readonly resumesSession: boolean;
  readonly acceptsEarlyData: boolean;
  /** How many tickets the client gets. */
  readonly tickets: number;
  readonly serverCertificateType: CertificateType;
  /** `undefined`: the client is not asked for a certificate. */
  readonly clientCertificateType: CertificateType | undefined;
  /** The client offered Encrypted Client Hello, and the server could not open it. */
  readonly rejectsEch: boolean;
}

/** The extensions of EncryptedExtensions, in the order in which they are sent (RFC 8446 §4.3.1). */
export function encryptedExtensions(
  { recordSizeLimit, ech }: ServerSettings,
  hello: ClientHello13,
  choices: EncryptedChoices,
): readonly Extension[] {
  const { alpnProtocol, serverCertificateType, clientCertificateType } = choices;
  const extensions: Extension[] = [];
  if (hello.serverName !== undefined && !choices.resumesSession) extensions.push(serverNameAcknowledgement);
  if (alpnProtocol !== undefined) extensions.push(encodeAlpn([alpnProtocol]));
  if (choices.acceptsEarlyData) extensions.push(earlyDataIndication);
  if (hello.recordSizeLimit !== undefined && recordSizeLimit !== undefined)
    extensions.push(encodeRecordSizeLimit(recordSizeLimit + 1));
  if (hello.ticketRequest !== undefined) extensions.push(encodeExpectedTickets(choices.tickets));
  if (hello.serverCertificateTypes?.includes(serverCertificateType) === true)
    extensions.push(encodeCertificateType(ExtensionType.serverCertificateType, serverCertificateType));
  if (clientCertificateType !== undefined && hello.clientCertificateTypes !== undefined)
    extensions.push(encodeCertificateType(ExtensionType.clientCertificateType, clientCertificateType));
  if (choices.rejectsEch && ech.retryConfigs !== undefined) extensions.push(encodeRetryConfigs(ech.retryConfigs));
  return extensions;
}

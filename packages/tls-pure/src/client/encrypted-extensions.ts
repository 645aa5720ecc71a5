import { TlsError, type CertificateType } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { CipherSuite } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import { ExtensionType, refuseUnsolicited, type Extensions } from '../wire/extension.ts';
import { decodeAlpnChoice } from '../wire/extensions/alpn.ts';
import { decodeCertificateType } from '../wire/extensions/certificate-types.ts';
import { decodeEarlyDataIndication } from '../wire/extensions/early-data.ts';
import { decodeSupportedGroups } from '../wire/extensions/number-lists.ts';
import { decodeRecordSizeLimit } from '../wire/extensions/record-size-limit.ts';
import { decodeServerNameAcknowledgement } from '../wire/extensions/server-name.ts';
import { decodeExpectedTickets } from '../wire/extensions/ticket-request.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { decodeEncryptedExtensions } from '../wire/messages/encrypted-extensions.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import type { OfferedPsk } from './offered-psk.ts';

/** What the server chose in EncryptedExtensions (RFC 8446 §4.3.1). */
export interface ServerChoices {
  readonly alpnProtocol: Uint8Array | undefined;
  readonly acceptsEarlyData: boolean;
  readonly serverCertificateType: CertificateType;
  readonly clientCertificateType: CertificateType;
  /** The body of `encrypted_client_hello`: what to try again with. */
  readonly echRetryConfigs: Uint8Array | undefined;
}

/** Receives EncryptedExtensions, checks each against what was offered and applies the server's record size limit. */
export function* readEncryptedExtensions(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  psk: OfferedPsk | undefined,
  suite: CipherSuite,
): Handshake<ServerChoices> {
  const { body } = yield* io.receive(HandshakeType.encryptedExtensions);
  const extensions = decodeEncryptedExtensions(body);
  refuseUnsolicited(extensions, hello.offered, 'EncryptedExtensions');
  extensions.decode(ExtensionType.serverName, decodeServerNameAcknowledgement);
  extensions.decode(ExtensionType.supportedGroups, decodeSupportedGroups); // §4.2.7: known, and not used
  extensions.decode(ExtensionType.ticketRequest, decodeExpectedTickets);
  const limit = extensions.decode(ExtensionType.recordSizeLimit, decodeRecordSizeLimit);
  // RFC 8449 §4: the limit counts the content type
  if (limit !== undefined) io.limitFragments(limit - 1);
  if (limit !== undefined && settings.recordSizeLimit !== undefined) io.enforceRecordSize(settings.recordSizeLimit + 1);
  const alpnProtocol = chosenProtocol(hello, extensions);
  const { earlyData } = ExtensionType;
  const acceptsEarlyData = extensions.has(earlyData);
  extensions.decode(earlyData, decodeEarlyDataIndication);
  if (acceptsEarlyData) checkEarlyData(hello, psk, suite, alpnProtocol);
  const { clientCertificateType, serverCertificateType, encryptedClientHello } = ExtensionType;
  return {
    alpnProtocol,
    acceptsEarlyData,
    serverCertificateType: certificateTypeFrom(extensions, serverCertificateType, settings.peerCertificateTypes),
    clientCertificateType: certificateTypeFrom(extensions, clientCertificateType, settings.clientCertificateTypes),
    echRetryConfigs: extensions.get(encryptedClientHello),
  };
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a protocol that was not offered (RFC 7301 §3.2) */
export function chosenProtocol(hello: ClientHelloState, extensions: Extensions): Uint8Array | undefined {
  const chosen = extensions.decode(ExtensionType.applicationLayerProtocolNegotiation, decodeAlpnChoice);
  if (chosen === undefined || hello.alpnProtocols.some((protocol) => equalBytes(protocol, chosen))) return chosen;
  throw new TlsError(
    'ERR_TLS_ILLEGAL_PARAMETER',
    'application_layer_protocol_negotiation: the server chose a protocol that was not offered (RFC 7301 §3.2)',
  );
}

/** RFC 8446 §4.2.10: early data goes with the first PSK and with the protocol of its session. */
function checkEarlyData(
  { psks }: ClientHelloState,
  psk: OfferedPsk | undefined,
  suite: CipherSuite,
  alpnProtocol: Uint8Array | undefined,
): void {
  const wanted = psk?.session?.alpnProtocol;
  const isSame =
    wanted === undefined || alpnProtocol === undefined ? wanted === alpnProtocol : equalBytes(wanted, alpnProtocol);
  if (psk !== undefined && psk === psks[0] && psk.session?.cipherSuite === suite.id && isSame) return;
  throw new TlsError(
    'ERR_TLS_ILLEGAL_PARAMETER',
    'EncryptedExtensions: early_data was accepted without the session, or with another suite or protocol than the session’s (§4.2.10)',
  );
}

/** RFC 7250 §4.2: absent means X.509. */
export function certificateTypeFrom(
  extensions: Extensions,
  type: number,
  offered: readonly CertificateType[],
): CertificateType {
  const body = extensions.get(type);
  const chosen = body === undefined ? 'X509' : decodeCertificateType(body);
  if (chosen !== undefined && offered.includes(chosen)) return chosen;
  // what the server did not name, and we do not do
  if (body === undefined) return 'X509';
  throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'EncryptedExtensions: a certificate type that was not offered');
}

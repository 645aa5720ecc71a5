import { TlsError, type CertificateType } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { Tls12CipherSuite } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { SessionState } from '../session/session-state.ts';
import { ExtensionType, refuseUnsolicited, type Extensions } from '../wire/extension.ts';
import { decodeCertificateTimestamps } from '../wire/extensions/certificate-timestamps.ts';
import { decodeEcPointFormats } from '../wire/extensions/ec-point-formats.ts';
import { decodeExtendedMasterSecret } from '../wire/extensions/extended-master-secret.ts';
import { decodeRecordSizeLimit } from '../wire/extensions/record-size-limit.ts';
import { decodeInitialRenegotiationInfo } from '../wire/extensions/renegotiation-info.ts';
import { decodeServerNameAcknowledgement } from '../wire/extensions/server-name.ts';
import { decodeSessionTicketAnnouncement } from '../wire/extensions/session-ticket.ts';
import { decodeStatusRequestAcknowledgement } from '../wire/extensions/status-request.ts';
import type { ClientSettings } from './client-settings.ts';
import { certificateTypeFrom, chosenProtocol } from './encrypted-extensions.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import type { ServerHelloMessage } from './server-hello.ts';

/** What the server chose in a ServerHello of TLS 1.2. */
export interface ServerChoices12 {
  readonly suite: Tls12CipherSuite;
  /** The session that is resumed. */
  readonly resumed: SessionState | undefined;
  /** RFC 7627. */
  readonly isExtended: boolean;
  readonly announcesTicket: boolean;
  readonly announcesStatus: boolean;
  readonly signedCertificateTimestamps: Uint8Array | undefined;
  readonly alpnProtocol: Uint8Array | undefined;
  readonly serverCertificateType: CertificateType;
  readonly clientCertificateType: CertificateType;
}

/** What may stand in a ServerHello of TLS 1.2; of what we offer the rest belongs to TLS 1.3. */
const allowed: ReadonlySet<number> = new Set<number>([
  ExtensionType.supportedGroups, // some servers send their list back; it says nothing
  ExtensionType.serverName,
  ExtensionType.statusRequest,
  ExtensionType.applicationLayerProtocolNegotiation,
  ExtensionType.signedCertificateTimestamp,
  ExtensionType.clientCertificateType,
  ExtensionType.serverCertificateType,
  ExtensionType.recordSizeLimit,
  ExtensionType.ecPointFormats,
  ExtensionType.extendedMasterSecret,
  ExtensionType.sessionTicket,
  ExtensionType.renegotiationInfo,
]);

/** Checks a ServerHello of TLS 1.2 against what was offered, and applies its record size limit. */
export function checkServerHello12(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  serverHello: ServerHelloMessage,
): ServerChoices12 {
  if (io.owner.inbound.sawChangeCipherSpec)
    throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'ChangeCipherSpec before ServerHello');
  const suite = settings.tls12CipherSuites.find(({ id }) => id === serverHello.cipherSuite);
  if (suite === undefined)
    throw illegal(`ServerHello: cipher suite 0x${serverHello.cipherSuite.toString(16)} was not offered`);
  const { extensions } = serverHello;
  const offered = new Set([...hello.offered].filter((type) => allowed.has(type)));
  refuseUnsolicited(extensions, offered, 'ServerHello');
  extensions.decode(ExtensionType.serverName, decodeServerNameAcknowledgement);
  extensions.decode(ExtensionType.ecPointFormats, decodeEcPointFormats);
  checkRenegotiationInfo(settings, extensions);
  extensions.decode(ExtensionType.extendedMasterSecret, decodeExtendedMasterSecret);
  extensions.decode(ExtensionType.sessionTicket, decodeSessionTicketAnnouncement);
  extensions.decode(ExtensionType.statusRequest, decodeStatusRequestAcknowledgement);
  const limit = extensions.decode(ExtensionType.recordSizeLimit, decodeRecordSizeLimit);
  if (limit !== undefined) io.limitFragments(limit);
  if (limit !== undefined && settings.recordSizeLimit !== undefined)
    io.enforceRecordSize(settings.recordSizeLimit + (settings.speaksTls13 ? 1 : 0)); // as it was sent
  const isExtended = extensions.has(ExtensionType.extendedMasterSecret);
  return {
    suite,
    resumed: resumedSession(hello, serverHello, isExtended),
    isExtended,
    announcesTicket: extensions.has(ExtensionType.sessionTicket),
    announcesStatus: extensions.has(ExtensionType.statusRequest),
    signedCertificateTimestamps: extensions.decode(
      ExtensionType.signedCertificateTimestamp,
      decodeCertificateTimestamps,
    ),
    alpnProtocol: chosenProtocol(hello, extensions),
    serverCertificateType: certificateTypeFrom(
      extensions,
      ExtensionType.serverCertificateType,
      settings.peerCertificateTypes,
    ),
    clientCertificateType: certificateTypeFrom(
      extensions,
      ExtensionType.clientCertificateType,
      settings.clientCertificateTypes,
    ),
  };
}

/** RFC 5746 §3.4: a server that does not know the extension may renegotiate as it was done before, which is not bound to the connection. */
function checkRenegotiationInfo({ requiresSecureRenegotiation }: ClientSettings, extensions: Extensions): void {
  const body = extensions.get(ExtensionType.renegotiationInfo);
  if (body !== undefined) decodeInitialRenegotiationInfo(body);
  else if (requiresSecureRenegotiation)
    throw new TlsError('ERR_TLS_NO_COMMON_PARAMETERS', 'ServerHello: no renegotiation_info (RFC 5746 §3.4)');
}

/** RFC 5246 §7.4.1.3, RFC 5077 §3.4: the server resumes when it echoes the session id. */
function resumedSession(
  { session, legacySessionId }: ClientHelloState,
  { legacySessionIdEcho: echo, cipherSuite }: ServerHelloMessage,
  isExtended: boolean,
): SessionState | undefined {
  if (echo.length === 0 || !equalBytes(echo, legacySessionId)) return undefined;
  // RFC 8446 §D.4: the id of a client without a session stands for nothing
  if (session?.protocol !== 'TLSv1.2') throw illegal('ServerHello: it resumes a session that was not offered');
  if (session.cipherSuite !== cipherSuite) throw illegal('ServerHello: another cipher suite than the session’s');
  // RFC 7627 §5.3
  if (session.extendedMainSecret !== isExtended) {
    throw new TlsError(
      'ERR_TLS_NO_COMMON_PARAMETERS',
      'ServerHello: extended_master_secret is not as in the session that is resumed (RFC 7627 §5.3)',
    );
  }
  return session;
}

function illegal(message: string): TlsError {
  return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message);
}

import { TlsError, type CertificateType, type ConnectionInfo } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';
import type { CipherSuite12 } from '@org/tls-crypto';
import { authenticationOf, connectionInfo12, type Agreement12 } from '../handshake/connection-info.ts';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { verifyResumedPeer } from '../handshake/peer-verification.ts';
import { receiveFinished12, sendFinished12 } from '../handshake/proofs-12.ts';
import type { Handshake } from '../handshake/steps.ts';
import { startKeys12, type Keys12 } from '../handshake/keys-12.ts';
import type { SessionState } from '../session/session-state.ts';
import { extendedMasterSecret } from '../wire/extensions/extended-master-secret.ts';
import { serverName } from '../wire/extensions/server-name.ts';
import { HandshakeType, handshakeTypeName, type HandshakeMessage } from '../wire/handshake-message.ts';
import { encodeNewSessionTicket12 } from '../wire/messages/new-session-ticket-12.ts';
import { applyOffers } from './apply-offers.ts';
import { chooseAlpn } from './choices.ts';
import { receiveClientFlight12 } from './client-flight-12.ts';
import { checkClientHello12 } from './client-hello-checks.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';
import { choose12, givesTicket12 } from './negotiation-12.ts';
import { sendServerFlight12, sendServerHello12 } from './server-flight-12.ts';
import { resumable, saveSession, storeSession } from './server-sessions.ts';
import type { ServerSettings } from './server-settings.ts';
import { findSession12, type FoundSession12 } from './choices-12.ts';

/** The server's side of a TLS 1.2 handshake (RFC 5246 §7.3), from a ClientHello that is not yet part of the transcript. */
export function* serverHandshake12(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHelloMessage,
): Handshake<Established> {
  checkClientHello12(hello);
  io.refuseExcess();
  applyOffers(io, settings, hello, 'TLSv1.2');
  const found = yield* findSession12(io, settings, hello);
  return found === undefined
    ? yield* fullHandshake(io, settings, hello)
    : yield* abbreviatedHandshake(io, settings, hello, found);
}

function* fullHandshake(io: HandshakeIo, settings: ServerSettings, hello: ClientHelloMessage): Handshake<Established> {
  const chosen = yield* choose12(io, settings, hello);
  const flight = yield* sendServerFlight12(io, settings, chosen);
  const { keys, proof } = yield* receiveClientFlight12(io, settings, chosen, flight);
  yield* receiveFinished12(io, keys, 'client');

  const { suite, alpnProtocol, identity, sessionId } = chosen;
  const info = infoOf(settings, hello, {
    suite,
    alpnProtocol,
    group: chosen.group.name,
    authentication: {
      signatureScheme: identity.scheme.name,
      clientSignatureScheme: proof.signatureScheme,
      peer: proof.peer,
      clientAuthentication: proof.state,
      identityIndex: identity.index,
    },
    resumed: false,
  });
  const serverCertificateType = identity.identity.certificateType;
  const session = sessionOf(settings, { info, suite, keys, serverCertificateType, alpnProtocol, resumed: undefined });
  if (chosen.givesTicket) yield* sendTicket(io, settings, session);
  else if (sessionId.length > 0) storeSession(io, settings, sessionId, session);
  sendFinished12(io, keys, 'server');
  return established(info, keys);
}

function* abbreviatedHandshake(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHelloMessage,
  { session, suite }: FoundSession12,
): Handshake<Established> {
  const { serverCertificateType } = session;
  io.keep(session.secret);
  yield* verifyResumedPeer(settings.trust, 'client', undefined, session.peer);
  const alpnProtocol = chooseAlpn(settings, hello);
  const keepsTicket = givesTicket12(settings, hello);
  const givesTicket = keepsTicket && settings.config.renewTickets;
  const sessionId = hello.legacySessionId;
  const randoms = sendServerHello12(io, settings, hello, {
    suite,
    sessionId,
    protocol: 'TLSv1.2',
    alpnProtocol,
    givesTicket,
    resumesSession: true,
    serverCertificateType,
    clientCertificateType: undefined,
    sendsCertificateStatus: false,
    signedCertificateTimestamps: undefined,
  });
  io.transcript.takeMessages();
  const keys = startKeys12(io, suite, randoms, copyBytes(session.secret), session.extendedMainSecret);
  const authentication = authenticationOf(session);
  const info = infoOf(settings, hello, { suite, alpnProtocol, group: session.group, authentication, resumed: true });
  const next = sessionOf(settings, { info, suite, keys, serverCertificateType, alpnProtocol, resumed: session });
  if (givesTicket) yield* sendTicket(io, settings, next);
  else if (!keepsTicket) storeSession(io, settings, sessionId, next);
  sendFinished12(io, keys, 'server');
  yield* receiveFinished12(io, keys, 'client');
  return established(info, keys);
}

/** What a session of TLS 1.2 is made of. */
interface SessionBasis12 {
  readonly info: ConnectionInfo;
  readonly suite: CipherSuite12;
  readonly keys: Keys12;
  readonly serverCertificateType: CertificateType;
  readonly alpnProtocol: Uint8Array | undefined;
  readonly resumed: SessionState | undefined;
}

function sessionOf(
  settings: ServerSettings,
  { info, suite, keys, serverCertificateType, alpnProtocol, resumed }: SessionBasis12,
): SessionState {
  return {
    protocol: 'TLSv1.2',
    cipherSuite: suite.id,
    secret: keys.mainSecret,
    ticketAgeAdd: 0,
    maxEarlyData: 0,
    alpnProtocol,
    ...resumable(settings, { info, serverCertificateType, resumed, external: undefined }),
  };
}

/** Sends a NewSessionTicket. An empty ticket says that there is none after all (RFC 5077 §3.3). */
function* sendTicket(io: HandshakeIo, settings: ServerSettings, session: SessionState): Handshake<void> {
  const ticket = (yield* saveSession(io, settings, session)) ?? new Uint8Array(0);
  // a hint of 0 would leave the lifetime to the client
  const ticketLifetimeHintSeconds = Math.max(1, session.lifetimeSeconds);
  io.send(encodeNewSessionTicket12({ ticketLifetimeHintSeconds, ticket }));
}

function established(info: ConnectionInfo, keys: Keys12): Established {
  return { info, keys, receive: refuseMessage };
}

/** It stands outside of the handshake, whose variables would else live on. */
function refuseMessage({ type }: HandshakeMessage): never {
  if (type === HandshakeType.clientHello)
    throw new TlsError('ERR_TLS_NO_RENEGOTIATION', 'the client wants to renegotiate, which is not done');
  throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `${handshakeTypeName(type)} after the handshake`);
}

function infoOf(
  settings: ServerSettings,
  hello: ClientHelloMessage,
  agreement: Omit<Agreement12, 'role' | 'serverName' | 'extendedMainSecret'>,
): ConnectionInfo {
  return connectionInfo12(settings, {
    role: 'server',
    serverName: hello.value(serverName),
    extendedMainSecret: hello.has(extendedMasterSecret),
    ...agreement,
  });
}

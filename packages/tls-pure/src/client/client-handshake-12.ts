import { TlsError, type ConnectionInfo } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';
import { authenticationOf, connectionInfo12, type Authentication } from '../handshake/connection-info.ts';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { verifyResumedPeer } from '../handshake/peer-verification.ts';
import { receiveFinished12, sendFinished12 } from '../handshake/proofs-12.ts';
import type { Handshake } from '../handshake/steps.ts';
import { startKeys12, type Keys12 } from '../handshake/keys-12.ts';
import type { SessionState } from '../session/session-state.ts';
import { alpn } from '../wire/extensions/alpn.ts';
import { sessionTicket } from '../wire/extensions/session-ticket.ts';
import { HandshakeType, handshakeTypeName, type HandshakeMessage } from '../wire/handshake-message.ts';
import { sendClientFlight12 } from './client-flight-12.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import { giveSession } from './new-session.ts';
import { keepSession12, receiveTicket12 } from './new-session-12.ts';
import { receiveServerFlight12, type Answered12 } from './server-flight-12.ts';
import type { ServerHelloMessage } from './server-hello.ts';
import { checkServerHello12 } from './server-hello-12.ts';

/** The client's side of a TLS 1.2 handshake (RFC 5246 §7.3), behind the ServerHello, which is not yet part of the transcript. */
export function* clientHandshake12(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  serverHello: ServerHelloMessage,
): Handshake<Established> {
  const choices = checkServerHello12(io, settings, hello, serverHello);
  io.transcript.keepMessages();
  io.transcript.begin(choices.suite.hash);
  io.transcript.add(serverHello.raw);
  const randoms = { client: hello.random, server: serverHello.random };
  const answered = { hello, serverHello, choices, randoms };
  return choices.resumed === undefined
    ? yield* fullHandshake(io, settings, answered)
    : yield* abbreviatedHandshake(io, settings, answered, choices.resumed);
}

function* fullHandshake(io: HandshakeIo, settings: ClientSettings, answered: Answered12): Handshake<Established> {
  const { choices, serverHello } = answered;
  const server = yield* receiveServerFlight12(io, settings, answered);
  const { keys, client } = yield* sendClientFlight12(io, settings, answered, server);
  sendFinished12(io, keys, 'client');
  const ticket = choices.answers.value(sessionTicket) === true ? yield* receiveTicket12(io) : undefined;
  yield* receiveFinished12(io, keys, 'server');
  const info = infoOf(settings, answered, server.group.name, {
    signatureScheme: server.signatureScheme,
    clientSignatureScheme: client.signatureScheme,
    peer: server.peer,
    clientAuthentication: client.state,
    identityIndex: client.identityIndex,
  });
  const sessionId = serverHello.legacySessionIdEcho;
  keepSession12(io, settings, { info, keys, choices, sessionId, ticket, resumed: undefined });
  return established(info, keys);
}

function* abbreviatedHandshake(
  io: HandshakeIo,
  settings: ClientSettings,
  answered: Answered12,
  session: SessionState,
): Handshake<Established> {
  const { hello, choices, randoms } = answered;
  io.transcript.takeMessages();
  yield* verifyResumedPeer(settings.trust, 'server', hello.options.serverName, session.peer);
  const keys = startKeys12(io, choices.suite, randoms, copyBytes(session.secret), choices.isExtended);
  const ticket = choices.answers.value(sessionTicket) === true ? yield* receiveTicket12(io) : undefined;
  yield* receiveFinished12(io, keys, 'server');
  sendFinished12(io, keys, 'client');
  const info = infoOf(settings, answered, session.group, authenticationOf(session));
  // a session of TLS 1.2 can be resumed again (RFC 5246 §F.1.4)
  if (ticket === undefined) giveAgain(io, settings, session);
  else keepSession12(io, settings, { info, keys, choices, sessionId: session.sessionId, ticket, resumed: session });
  return established(info, keys);
}

function giveAgain(io: HandshakeIo, settings: ClientSettings, { secret, ...facts }: SessionState): void {
  const copy = copyBytes(secret);
  giveSession(io.sessionOwner, settings, facts, () => copy);
}

function established(info: ConnectionInfo, keys: Keys12): Established {
  return { info, keys, receive: refuseMessage };
}

/** It stands outside of the handshake, whose variables would else live on. */
function refuseMessage({ type }: HandshakeMessage): never {
  if (type === HandshakeType.helloRequest)
    throw new TlsError('ERR_TLS_NO_RENEGOTIATION', 'the server wants to renegotiate, which is not done');
  throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `${handshakeTypeName(type)} after the handshake`);
}

function infoOf(
  settings: ClientSettings,
  { hello, choices }: Answered12,
  group: string | undefined,
  authentication: Authentication,
): ConnectionInfo {
  return connectionInfo12(settings, {
    role: 'client',
    suite: choices.suite,
    alpnProtocol: choices.answers.value(alpn),
    serverName: hello.options.serverName,
    authentication,
    group,
    resumed: choices.resumed !== undefined,
    extendedMainSecret: choices.isExtended,
  });
}

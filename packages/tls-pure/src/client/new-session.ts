import { TlsError, type ConnectionInfo } from '@org/tls-core';
import type { Established } from '../handshake/established.ts';
import type { HandshakeOwner } from '../handshake/handshake-io.ts';
import type { KeySchedule } from '../schedule/key-schedule.ts';
import {
  encodeSessionState,
  maxLifetimeSeconds,
  remainingSeconds,
  type SessionState,
} from '../session/session-state.ts';
import { ExtensionType } from '../wire/extension.ts';
import { decodeMaxEarlyData } from '../wire/extensions/early-data.ts';
import { HandshakeType, handshakeTypeName } from '../wire/handshake-message.ts';
import { decodeNewSessionTicket } from '../wire/messages/new-session-ticket.ts';
import type { ClientSettings } from './client-settings.ts';

/** Takes NewSessionTicket messages of TLS 1.3 (RFC 8446 §4.6.1); nothing else may come. */
export function newSessionReader(
  owner: HandshakeOwner,
  settings: ClientSettings,
  schedule: KeySchedule,
  resumptionSecret: Uint8Array,
  info: ConnectionInfo,
  alpnProtocol: Uint8Array | undefined,
  resumed: SessionState | undefined,
): Established['receive'] {
  return ({ type, body }) => {
    if (type !== HandshakeType.newSessionTicket)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `${handshakeTypeName(type)} after the handshake (§4.6)`);
    const { ticketLifetimeSeconds, ticketAgeAdd, ticketNonce, ticket, extensions } = decodeNewSessionTicket(body);
    const earlyData = extensions.get(ExtensionType.earlyData);
    const maxEarlyData = earlyData === undefined ? 0 : decodeMaxEarlyData(earlyData);
    const session = resumable(settings, info, ticketLifetimeSeconds, resumed);
    if (session.lifetimeSeconds === 0) return; // §4.6.1: to be discarded at once
    giveSession(owner, settings, {
      protocol: 'TLSv1.3',
      cipherSuite: schedule.suite.id,
      secret: schedule.resumptionPsk(resumptionSecret, ticketNonce),
      ticketAgeAdd,
      maxEarlyData,
      alpnProtocol,
      ticket,
      sessionId: new Uint8Array(0),
      ...session,
    });
  };
}

/**
 * What a client's session keeps of the connection that it was made on.
 * @param lifetimeSeconds as the server says
 * @param resumed the session that this connection resumed, if any: seven days after that was made, the server must prove itself again
 */
export function resumable(
  settings: ClientSettings,
  info: ConnectionInfo,
  lifetimeSeconds: number,
  resumed: SessionState | undefined,
) {
  const now = settings.clock();
  const authenticatedAt = resumed?.authenticatedAt ?? now;
  return {
    createdAt: now,
    authenticatedAt,
    lifetimeSeconds: Math.min(lifetimeSeconds, remainingSeconds(authenticatedAt, now, maxLifetimeSeconds)),
    binding: settings.trust.binding,
    extendedMainSecret: info.extendedMainSecret ?? false,
    serverName: info.serverName,
    group: info.group,
    signatureScheme: info.signatureScheme,
    clientSignatureScheme: info.clientSignatureScheme,
    clientAuthentication: info.clientAuthentication,
    peer: info.peer,
    serverCertificateType: info.peer?.rawPublicKey === undefined ? ('X509' as const) : ('RawPublicKey' as const),
  };
}

/** Hands a session to the owner and to the store, which nothing waits for. */
export function giveSession(owner: HandshakeOwner, settings: ClientSettings, state: SessionState): void {
  const serverName = state.serverName ?? '';
  const session = Object.freeze({
    backend: settings.backend,
    protocol: state.protocol,
    serverName,
    receivedAt: state.createdAt,
    expiresAt: state.createdAt + state.lifetimeSeconds * 1000,
    maxEarlyData: state.maxEarlyData,
    state: encodeSessionState(state),
  });
  owner.session(session);
  const { sessionStore } = settings;
  if (sessionStore === undefined) return;
  owner.optionalHooks.run('sessionStore.put', () => sessionStore.put(serverName, session));
}

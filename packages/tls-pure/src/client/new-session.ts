import { TlsError, type ConnectionInfo, type ExternalPsk } from '@org/tls-core';
import { copyBytes, decodeAlpnProtocol, maxSessionsPerConnection, maxSessionState } from '@org/tls-core/backend';
import type { Established } from '../handshake/established.ts';
import type { SessionOwner } from '../handshake/handshake-io.ts';
import type { KeySchedule } from '../schedule/key-schedule.ts';
import { lifetimeOf, maxLifetimeSeconds } from '../session/session-lifetime.ts';
import { encodeSessionState, isSafeToResume, isSurelyWithin, type SessionState } from '../session/session-state.ts';
import { ExtensionType } from '../wire/extension.ts';
import { decodeMaxEarlyData } from '../wire/extensions/early-data.ts';
import { HandshakeType, handshakeTypeName } from '../wire/handshake-message.ts';
import { decodeNewSessionTicket13 } from '../wire/messages/new-session-ticket-13.ts';
import type { ClientSettings } from './client-settings.ts';

/** What a connection was authenticated by. */
export interface SessionBasis {
  readonly info: ConnectionInfo;
  /** The session that it resumed, if any: seven days after that was made, the server must prove itself again. */
  readonly resumed: SessionState | undefined;
  /** The external key that stands behind it. */
  readonly external: ExternalPsk | undefined;
}

/** What the tickets of a connection of TLS 1.3 are made of. */
export interface TicketBasis extends SessionBasis {
  readonly schedule: KeySchedule;
  readonly resumptionSecret: Uint8Array;
  readonly alpnProtocol: Uint8Array | undefined;
}

/** Takes NewSessionTicket messages of TLS 1.3 (RFC 8446 §4.6.1); nothing else may come. */
export function newSessionReader(
  owner: SessionOwner,
  settings: ClientSettings,
  { schedule, resumptionSecret, alpnProtocol, ...basis }: TicketBasis,
): Established['receive'] {
  const { ticketRequest } = settings.config;
  let rest = Math.max(maxSessionsPerConnection, ticketRequest?.newSession ?? 0, ticketRequest?.resumption ?? 0);
  return ({ type, body }) => {
    if (type !== HandshakeType.newSessionTicket)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `${handshakeTypeName(type)} after the handshake (§4.6)`);
    const { ticketLifetimeSeconds, ticketAgeAdd, ticketNonce, ticket, extensions } = decodeNewSessionTicket13(body);
    const maxEarlyData = extensions.decode(ExtensionType.earlyData, decodeMaxEarlyData) ?? 0;
    const session = resumable(settings, basis, ticketLifetimeSeconds);
    // §4.6.1: a ticket of lifetime 0 is discarded at once
    if (session.lifetimeSeconds === 0 || rest === 0) return;
    rest -= 1;
    const nonce = copyBytes(ticketNonce);
    const facts = {
      protocol: 'TLSv1.3',
      cipherSuite: schedule.suite.id,
      ticketAgeAdd,
      maxEarlyData,
      alpnProtocol,
      ticket: copyBytes(ticket),
      sessionId: new Uint8Array(0),
      ...session,
    } as const;
    giveSession(owner, settings, facts, () => schedule.resumptionPsk(resumptionSecret, nonce));
  };
}

/**
 * What a client's session keeps of the connection that it was made on.
 * @param lifetimeSeconds from now, as the server says
 */
export function resumable(
  settings: ClientSettings,
  { info, resumed, external }: SessionBasis,
  lifetimeSeconds: number,
) {
  const now = settings.config.clock();
  const { peer } = info;
  const longest = lifetimeOf({ now, lifetimeSeconds: maxLifetimeSeconds, peer, resumed });
  return {
    createdAt: now,
    authenticatedAt: longest.authenticatedAt,
    lifetimeSeconds: Math.min(lifetimeSeconds, longest.lifetimeSeconds),
    binding: settings.sessionBinding,
    externalPsk: settings.externalPskDigests.digestOf(external),
    replayScope: new Uint8Array(0),
    extendedMainSecret: info.extendedMainSecret ?? false,
    serverName: info.serverName,
    group: info.group,
    signatureScheme: info.signatureScheme,
    clientSignatureScheme: info.clientSignatureScheme,
    clientAuthentication: info.clientAuthentication,
    peer,
    serverCertificateType: peer?.rawPublicKey === undefined ? ('X509' as const) : ('RawPublicKey' as const),
  };
}

/**
 * Hands a session to the owner, and to the store, which nothing waits for. Nobody gets a session that is too large to be kept or not safe to
 * resume.
 * @param secret gives bytes of its own, which are wiped once they are encoded; it is called when somebody asks for the session's state
 */
export function giveSession(
  owner: SessionOwner,
  settings: ClientSettings,
  facts: Omit<SessionState, 'secret'>,
  secret: () => Uint8Array,
): void {
  if (!isSafeToResume(facts)) return;
  const encode = onDemand(facts, secret);
  if (!isSurelyWithin(maxSessionState, facts) && encode().length > maxSessionState) return;
  const serverName = facts.serverName ?? '';
  const session = Object.freeze({
    backend: settings.backend,
    protocol: facts.protocol,
    serverName,
    receivedAt: facts.createdAt,
    expiresAt: facts.createdAt + facts.lifetimeSeconds * 1000,
    maxEarlyData: facts.maxEarlyData,
    alpnProtocol: facts.alpnProtocol && decodeAlpnProtocol(facts.alpnProtocol),
    // most sessions are never asked for
    get state(): Uint8Array {
      return encode();
    },
  });
  owner.session(session);
  const { sessionStore } = settings;
  if (sessionStore === undefined) return;
  owner.optionalHooks.run('sessionStore.put', () => sessionStore.put(serverName, session));
}

/** Encodes a session once, when it is asked for, and then keeps the bytes alone. */
function onDemand(facts: Omit<SessionState, 'secret'>, secret: () => Uint8Array): () => Uint8Array {
  let pending: { readonly facts: typeof facts; readonly secret: typeof secret } | undefined = { facts, secret };
  let encoded: Uint8Array = new Uint8Array(0);
  return () => {
    if (pending === undefined) return encoded;
    const own = pending.secret();
    encoded = encodeSessionState({ ...pending.facts, secret: own });
    own.fill(0);
    pending = undefined;
    return encoded;
  };
}

import type { CertificateType, ConnectionInfo, ExternalPsk, TicketKey, TicketKeys } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import { randomBytes } from '../handshake/settings.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { runOptionalHook, type Handshake } from '../handshake/steps.ts';
import { isCurrent, lifetimeOf } from '../session/session-lifetime.ts';
import { decodeSessionState, encodeSessionState, isSafeToResume, type SessionState } from '../session/session-state.ts';
import { openTicket, sealTicket } from '../session/ticket-sealer.ts';
import type { ServerSettings } from './server-settings.ts';

/**
 * A client sends its ticket in the clear with each ClientHello, which is to fit one record. A chain of a client's that makes the ticket longer
 * is no reason to fail: there is none, and a server that wants them resumed has a store.
 */
const maxTicketLength = 2 ** 14;
/** Bytes of the identifier that a ticket holds where the state is kept in a store. */
const identifierLength = 32;

/**
 * Puts a session away: into the store, which nothing waits for, or sealed into the ticket itself.
 * @returns the ticket, or `undefined` when it cannot be resumed
 */
export function* saveSession(
  io: HandshakeIo,
  settings: ServerSettings,
  session: SessionState,
): Handshake<Uint8Array | undefined> {
  const { hasStatefulTickets, ticketKeys } = settings;
  if (!isSafeToResume(session)) return undefined;
  if (hasStatefulTickets) {
    const identifier = randomBytes(settings, identifierLength);
    return storeSession(io, settings, identifier, session) ? identifier : undefined;
  }
  const [key] = yield* currentKeys(io, ticketKeys);
  if (key === undefined) return undefined;
  const state = encodeSessionState(session);
  const ticket = sealTicket(settings.crypto, key, state, settings.random);
  state.fill(0);
  return ticket.length > maxTicketLength ? undefined : ticket;
}

/**
 * Puts a session into the store, where there is one.
 * @returns false: it cannot be resumed, or the store has refused it at once
 */
export function storeSession(
  { optionalHooks }: HandshakeIo,
  { config: { sessionStore } }: ServerSettings,
  identifier: Uint8Array,
  session: SessionState,
): boolean {
  if (sessionStore === undefined || !isSafeToResume(session)) return false;
  const expiresAt = session.createdAt + session.lifetimeSeconds * 1000;
  const state = encodeSessionState(session);
  return optionalHooks.run('serverSessionStore.put', () => sessionStore.put(identifier, state, expiresAt));
}

/** Finds the session that the store keeps under a session id of TLS 1.2, as `findSession` does for a ticket. */
export function* findStoredSession(
  io: HandshakeIo,
  settings: ServerSettings,
  sessionId: Uint8Array,
  serverName: string | undefined,
): Handshake<SessionState | undefined> {
  return checkSession(settings, 'TLSv1.2', yield* takeState(io, settings, sessionId), serverName);
}

/**
 * Finds the session that a ticket stands for.
 * @param serverName the name in this ClientHello
 * @returns `undefined` when it may not be resumed: unknown, expired, of another name, or made under other rules
 */
export function* findSession(
  io: HandshakeIo,
  settings: ServerSettings,
  protocol: SessionState['protocol'],
  ticket: Uint8Array,
  serverName: string | undefined,
): Handshake<SessionState | undefined> {
  return checkSession(settings, protocol, yield* readState(io, settings, ticket), serverName);
}

function checkSession(
  settings: ServerSettings,
  protocol: SessionState['protocol'],
  state: Uint8Array | undefined,
  serverName: string | undefined,
): SessionState | undefined {
  const session = state === undefined ? undefined : decodeSessionState(state);
  if (session === undefined) return undefined;
  const isUsable =
    session.protocol === protocol &&
    session.serverName === serverName &&
    equalBytes(session.binding, settings.currentSessionBinding()) &&
    isCurrent(session, settings.config.clock()) &&
    isSafeToResume(session) &&
    knowsPsk(settings, session) &&
    provedEnough(settings, session);
  return isUsable ? session : undefined;
}

/** An external key that was taken away takes the sessions with it that were made with it. */
function knowsPsk({ externalPskDigests }: ServerSettings, { externalPsk }: SessionState): boolean {
  return externalPsk === undefined || externalPskDigests.find(externalPsk) !== undefined;
}

/** A client that was not asked, or had nothing to show where that is required, is asked again. */
function provedEnough({ config }: ServerSettings, session: SessionState): boolean {
  const { clientAuthentication } = config;
  if (clientAuthentication === 'none') return true;
  const proved = session.clientAuthentication;
  return proved === 'provided' || (clientAuthentication === 'request' && proved === 'requested');
}

function* readState(io: HandshakeIo, settings: ServerSettings, ticket: Uint8Array): Handshake<Uint8Array | undefined> {
  const { hasStatefulTickets, ticketKeys, crypto, overrides } = settings;
  if (overrides.openTicket !== undefined) {
    const { sessionBinding: binding, replayScope } = settings;
    return overrides.openTicket(ticket, { binding, replayScope });
  }
  if (hasStatefulTickets) return yield* takeState(io, settings, ticket);
  return openTicket(crypto, yield* currentKeys(io, ticketKeys), ticket);
}

/** The ticket keys of now; there are none when their source fails, and then no ticket is sealed or opened. */
function* currentKeys(io: HandshakeIo, source: TicketKeys): Handshake<readonly TicketKey[]> {
  return (yield* runOptionalHook(io, 'ticketKeys.current', () => source.current())) ?? [];
}

function* takeState(
  io: HandshakeIo,
  { config: { sessionStore } }: ServerSettings,
  identifier: Uint8Array,
): Handshake<Uint8Array | undefined> {
  if (sessionStore === undefined || identifier.length !== identifierLength) return undefined;
  return yield* runOptionalHook(io, 'serverSessionStore.take', () => sessionStore.take(identifier));
}

/** What a connection was authenticated by. */
export interface SessionBasis {
  readonly info: ConnectionInfo;
  readonly serverCertificateType: CertificateType;
  /** The session that it resumed, if any: the new one ends with it. */
  readonly resumed: SessionState | undefined;
  /** The external key that stands behind it. */
  readonly external: ExternalPsk | undefined;
}

/** What a server's session keeps of the connection that it was made on. */
export function resumable(settings: ServerSettings, { info, serverCertificateType, resumed, external }: SessionBasis) {
  const now = settings.config.clock();
  const { peer } = info;
  return {
    createdAt: now,
    ...lifetimeOf({ now, lifetimeSeconds: settings.config.sessionLifetimeSeconds, peer, resumed }),
    binding: settings.sessionBinding,
    externalPsk: settings.externalPskDigests.digestOf(external),
    replayScope: settings.replayScope,
    extendedMainSecret: info.extendedMainSecret ?? false,
    serverName: info.serverName,
    group: info.group,
    signatureScheme: info.signatureScheme,
    clientSignatureScheme: info.clientSignatureScheme,
    clientAuthentication: info.clientAuthentication,
    peer,
    serverCertificateType,
    ticket: new Uint8Array(0),
    sessionId: new Uint8Array(0),
  };
}

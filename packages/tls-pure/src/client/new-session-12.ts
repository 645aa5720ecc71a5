import type { ConnectionInfo } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import type { Keys12 } from '../handshake/keys-12.ts';
import type { SessionState } from '../session/session-state.ts';
import { alpn } from '../wire/extensions/alpn.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { decodeNewSessionTicket12 } from '../wire/messages/new-session-ticket-12.ts';
import type { ClientSettings } from './client-settings.ts';
import { giveSession, resumable } from './new-session.ts';
import type { ServerChoices12 } from './server-hello-12.ts';

/** How long a session is kept whose server does not say (RFC 5077 §5.6). */
const defaultLifetimeSeconds = 7200;

/** A ticket of TLS 1.2. */
export interface Ticket12 {
  /** Empty: the server gives none after all (RFC 5077 §3.3). */
  readonly ticket: Uint8Array;
  readonly lifetimeSeconds: number;
}

/** Receives a NewSessionTicket (RFC 5077 §3.3), which is part of the transcript. */
export function* receiveTicket12(io: HandshakeIo): Handshake<Ticket12> {
  const { body } = yield* io.receive(HandshakeType.newSessionTicket);
  const { ticket, ticketLifetimeHintSeconds: hint } = decodeNewSessionTicket12(body);
  return { ticket, lifetimeSeconds: hint === 0 ? defaultLifetimeSeconds : hint };
}

/** What a session of TLS 1.2 is made of. */
export interface SessionBasis12 {
  readonly info: ConnectionInfo;
  readonly keys: Keys12;
  readonly choices: ServerChoices12;
  /** Empty: the server keeps no session by its id. */
  readonly sessionId: Uint8Array;
  readonly ticket: Ticket12 | undefined;
  readonly resumed: SessionState | undefined;
}

/** Gives the session of a connection away, if the server lets it be resumed by a ticket or by its id. */
export function keepSession12(
  io: HandshakeIo,
  settings: ClientSettings,
  { info, keys, choices, sessionId, ticket, resumed }: SessionBasis12,
): void {
  const hasTicket = ticket !== undefined && ticket.ticket.length > 0;
  if (!hasTicket && sessionId.length === 0) return;
  const facts = {
    protocol: 'TLSv1.2',
    cipherSuite: choices.suite.id,
    ticketAgeAdd: 0,
    maxEarlyData: 0,
    alpnProtocol: choices.answers.value(alpn),
    ticket: hasTicket ? copyBytes(ticket.ticket) : new Uint8Array(0),
    sessionId: hasTicket ? new Uint8Array(0) : copyBytes(sessionId),
    ...resumable(settings, { info, resumed, external: undefined }, ticket?.lifetimeSeconds ?? defaultLifetimeSeconds),
  } as const;
  // the keys are wiped with the connection
  const secret = copyBytes(keys.mainSecret);
  giveSession(io.sessionOwner, settings, facts, () => secret);
}

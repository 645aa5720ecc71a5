import { randomBytes } from '../handshake/settings.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import type { KeySchedule } from '../schedule/key-schedule.ts';
import { encodeMaxEarlyData } from '../wire/extensions/early-data.ts';
import { ticketRequest } from '../wire/extensions/ticket-request.ts';
import { encodeNewSessionTicket13 } from '../wire/messages/new-session-ticket-13.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import { resumable, saveSession, type SessionBasis } from './server-sessions.ts';
import type { ServerSettings } from './server-settings.ts';

/** Most tickets that a client gets because it asks for them (RFC 9149 §3). */
const maxRequestedTickets = 16;

/**
 * How many tickets this client gets: as many as it asks for, else what the configuration says; behind a resumption one, in place of the
 * one that was used, or none where the configuration renews no tickets.
 */
export function ticketCount({ config }: ServerSettings, hello: ClientHello13, isResumed: boolean): number {
  const { tickets, renewTickets } = config;
  if (tickets === 0 || !hello.takesTickets) return 0;
  const wish = hello.value(ticketRequest);
  if (wish === undefined) return isResumed ? Number(renewTickets) : tickets;
  return Math.min(isResumed ? wish.resumption : wish.newSession, maxRequestedTickets);
}

/** What tickets are made of. */
export interface TicketBasis extends SessionBasis {
  readonly schedule: KeySchedule;
  /** resumption_secret (RFC 8446 §7.1). */
  readonly secret: Uint8Array;
  readonly alpnProtocol: Uint8Array | undefined;
}

/** NewSessionTicket messages (RFC 8446 §4.6.1), each with a PSK of its own. */
export function* makeTickets(
  io: HandshakeIo,
  settings: ServerSettings,
  { schedule, secret: resumptionSecret, alpnProtocol, ...basis }: TicketBasis,
  count: number,
): Handshake<readonly Uint8Array[]> {
  const { maxEarlyData } = settings.config;
  const session = resumable(settings, basis);
  const ticketLifetimeSeconds = session.lifetimeSeconds;
  if (ticketLifetimeSeconds === 0) return [];
  const ageAdd = new DataView(randomBytes(settings, 4 * count).buffer);
  const extensions = maxEarlyData > 0 ? [encodeMaxEarlyData(maxEarlyData)] : [];
  const messages: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) {
    const ticketNonce = Uint8Array.of(index);
    const ticketAgeAdd = ageAdd.getUint32(4 * index);
    const secret = schedule.resumptionPsk(resumptionSecret, ticketNonce);
    const ticket = yield* saveSession(io, settings, {
      protocol: 'TLSv1.3',
      cipherSuite: schedule.suite.id,
      secret,
      ticketAgeAdd,
      maxEarlyData,
      alpnProtocol,
      ...session,
    });
    secret.fill(0);
    if (ticket === undefined) break;
    messages.push(encodeNewSessionTicket13({ ticketLifetimeSeconds, ticketAgeAdd, ticketNonce, ticket }, extensions));
  }
  return messages;
}

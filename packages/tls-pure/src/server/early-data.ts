import type { EarlyDataReason } from '@org/tls-core';
import { maxHeldInput, equalBytes } from '@org/tls-core/backend';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { runOptionalHook, type Handshake } from '../handshake/steps.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import type { SelectedPsk } from './selected-psk.ts';
import type { ServerSettings } from './server-settings.ts';

/** How far a client's idea of a ticket's age may be from ours, in milliseconds (RFC 8446 §8.3). */
const freshnessWindow = 60_000;

/** A client's early data, and what it came with. */
export interface EarlyDataOffer {
  readonly hello: ClientHello13;
  readonly psk: SelectedPsk | undefined;
  /** As it was chosen now. */
  readonly alpnProtocol: Uint8Array | undefined;
  readonly isRetry: boolean;
}

/**
 * Whether to accept a client's early data, and if not, why (RFC 8446 §4.2.10, §8): with the first PSK, by the parameters of its session,
 * if it is fresh and was not seen before. The guard is asked last, and only about tickets that it can vouch for, since it marks the ClientHello as seen; one that cannot tell is no reason
 * to fail, nor to accept.
 */
export function* judgeEarlyData(
  io: HandshakeIo,
  settings: ServerSettings,
  { hello, psk, alpnProtocol, isRetry }: EarlyDataOffer,
): Handshake<EarlyDataReason> {
  const session = psk?.session;
  if (settings.config.maxEarlyData === 0) return 'disabled';
  if (hello.offeredPsks === undefined) return 'noSession';
  if (psk === undefined || session === undefined || psk.index !== 0) return 'sessionNotResumed';
  if (session.maxEarlyData === 0 || session.cipherSuite !== psk.suite.id) return 'unsupportedForSession';
  if (!hello.hasEarlyData) return 'peerDeclined';
  if (!isSameProtocol(session.alpnProtocol, alpnProtocol)) return 'alpnMismatch';
  const now = settings.config.clock();
  if (Math.abs(ticketAgeSkew(psk, now)) > freshnessWindow) return 'ticketAgeSkew';
  if (isRetry) return 'helloRetryRequest';
  const { replayGuard, replayScope, crypto } = settings;
  if (!equalBytes(session.replayScope, replayScope)) return 'replayed';
  const identifier = crypto.hash('sha256', psk.binder);
  const isFirst = yield* runOptionalHook(io, 'replayGuard.firstUse', () =>
    replayGuard.firstUse(identifier, now + 2 * freshnessWindow),
  );
  return isFirst === true ? 'accepted' : 'replayed';
}

/** Early data that nobody takes early is held, and so none is accepted that may become more than may be held. */
export function isTooMuchToHold({ session }: SelectedPsk, isHandedOn: boolean): boolean {
  return !isHandedOn && (session?.maxEarlyData ?? 0) > maxHeldInput;
}

/** What the client thinks the ticket's age is, less what we think, in milliseconds (§4.2.11.1). */
function ticketAgeSkew({ session, obfuscatedTicketAge }: SelectedPsk, now: number): number {
  if (session === undefined) return 0;
  const clientAge = (obfuscatedTicketAge - session.ticketAgeAdd + 2 ** 32) % 2 ** 32;
  return clientAge - (now - session.createdAt);
}

function isSameProtocol(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  return left === undefined || right === undefined ? left === right : equalBytes(left, right);
}

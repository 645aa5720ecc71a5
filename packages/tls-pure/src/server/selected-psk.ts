import { TlsError, type ExternalPsk } from '@org/tls-core';
import { equalSecret } from '@org/tls-core/backend';
import type { CipherSuite13 } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import { KeySchedule, type BinderLabel } from '../schedule/key-schedule.ts';
import type { SessionState } from '../session/session-state.ts';
import { serverName } from '../wire/extensions/server-name.ts';
import type { PskIdentity } from '../wire/extensions/pre-shared-key.ts';
import { commonSuites } from './choices.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import { findSession } from './server-sessions.ts';
import type { ServerSettings } from './server-settings.ts';

/** A PSK that both sides have (RFC 8446 §4.2.11), its binder checked. */
export interface SelectedPsk {
  /** Among the client's identities. */
  readonly index: number;
  readonly psk: Uint8Array;
  readonly suite: CipherSuite13;
  readonly binderLabel: BinderLabel;
  readonly obfuscatedTicketAge: number;
  readonly binder: Uint8Array;
  readonly session: SessionState | undefined;
  /** The external key that stands behind it: itself, or that of the session. */
  readonly external: ExternalPsk | undefined;
}

/**
 * The PSK that the handshake goes by, where there is one; `undefined`: it goes by certificates.
 * @param retrySuite the suite of a HelloRetryRequest, from which there is no way back
 * @throws TlsError `ERR_TLS_DECRYPT` when its binder is wrong (§4.2.11), `ERR_TLS_UNKNOWN_PSK` when there is none and one is required (§6.2)
 */
export function* selectPsk(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHello13,
  retrySuite: CipherSuite13 | undefined,
): Handshake<SelectedPsk | undefined> {
  const selected = yield* findPsk(io, settings, hello, retrySuite);
  if (selected === undefined && settings.config.requirePsk)
    throw new TlsError('ERR_TLS_UNKNOWN_PSK', 'the client has no pre-shared key that this server knows');
  return selected;
}

/** The first of the client's PSKs that we have, with a suite of its hash. The transcript ends before the ClientHello. */
function* findPsk(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHello13,
  retrySuite: CipherSuite13 | undefined,
): Handshake<SelectedPsk | undefined> {
  const { offeredPsks } = hello;
  if (offeredPsks === undefined) return undefined;
  const suites = retrySuite === undefined ? commonSuites(settings.cipherSuites13, hello.cipherSuites) : [retrySuite];
  for (const [index, identity] of offeredPsks.psks.entries()) {
    const found = externalPsk(settings, suites, identity) ?? (yield* ticketPsk(io, settings, suites, hello, identity));
    if (found === undefined) continue;
    const { binder, obfuscatedTicketAge } = identity;
    const { psk, suite, binderLabel, session, external } = found;
    const selected = { psk, suite, binderLabel, session, external, index, binder, obfuscatedTicketAge };
    io.keep(selected.psk);
    checkBinder(io, hello.raw.subarray(0, -offeredPsks.bindersLength), selected);
    return selected;
  }
  return undefined;
}

type FoundPsk = Pick<SelectedPsk, 'psk' | 'suite' | 'binderLabel' | 'session' | 'external'>;

function externalPsk(
  { knownPsks }: ServerSettings,
  suites: readonly CipherSuite13[],
  { identity }: PskIdentity,
): FoundPsk | undefined {
  const found = knownPsks.find(identity, suites);
  return found && { ...found, session: undefined };
}

function* ticketPsk(
  io: HandshakeIo,
  settings: ServerSettings,
  suites: readonly CipherSuite13[],
  hello: ClientHello13,
  { identity }: PskIdentity,
): Handshake<FoundPsk | undefined> {
  if (settings.config.tickets === 0) return undefined;
  const session = yield* findSession(io, settings, 'TLSv1.3', identity, hello.value(serverName));
  if (session === undefined) return undefined;
  const hash = settings.cipherSuites13.find(({ id }) => id === session.cipherSuite)?.hash;
  // the session's own suite keeps its early data
  const suite =
    suites.find(({ id }) => id === session.cipherSuite) ??
    suites.find((each) => hash !== undefined && each.hash === hash);
  if (suite === undefined) return undefined;
  const external = session.externalPsk && settings.externalPskDigests.find(session.externalPsk);
  return { psk: session.secret, suite, binderLabel: 'res binder', session, external };
}

function checkBinder(io: HandshakeIo, truncated: Uint8Array, { suite, psk, binderLabel, binder }: SelectedPsk): void {
  const schedule = new KeySchedule(io.crypto, suite);
  const truncatedHash = io.transcript.hashWith(suite.hash, truncated);
  const expected = schedule.binder(io.earlySecret(schedule, psk), binderLabel, truncatedHash);
  if (!equalSecret(expected, binder)) throw new TlsError('ERR_TLS_DECRYPT', 'ClientHello: a PSK binder is wrong');
}

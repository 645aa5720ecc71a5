import type { ClientEngineOptions, ExternalPsk } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { CipherSuite13, CryptoProvider, HashAlgorithm } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { runOptionalHook, type Handshake } from '../handshake/steps.ts';
import { KeySchedule, type BinderLabel } from '../schedule/key-schedule.ts';
import type { Transcript } from '../schedule/transcript.ts';
import { isCurrent } from '../session/session-lifetime.ts';
import { decodeSessionState, isSafeToResume, type SessionState } from '../session/session-state.ts';
import { importPsk, importedHashes } from '../session/psk-importer.ts';
import { bindersLength, type PskIdentity } from '../wire/extensions/pre-shared-key.ts';
import type { ClientSettings } from './client-settings.ts';

/** A PSK that a ClientHello offers (RFC 8446 §4.2.11). */
export interface OfferedPsk extends PskIdentity {
  /** A suite with the hash that the PSK belongs to. */
  readonly suite: CipherSuite13;
  readonly psk: Uint8Array;
  readonly binderLabel: BinderLabel;
  readonly session: SessionState | undefined;
  /** The external key that stands behind it: itself, or that of the session. */
  readonly external: ExternalPsk | undefined;
}

/**
 * Takes the session to resume: the one that the caller gave, else the store's.
 * @returns `undefined` when there is none, or none that may be resumed now: expired, of another server, made under other rules or with a key
 *   that is not there any more
 */
export function* takeSession(
  io: HandshakeIo,
  settings: ClientSettings,
  { session, serverName }: ClientEngineOptions,
): Handshake<SessionState | undefined> {
  const { sessionStore } = settings;
  const taken =
    session ?? (sessionStore && (yield* runOptionalHook(io, 'sessionStore.take', () => sessionStore.take(serverName))));
  if (taken === undefined || taken.backend !== settings.backend) return undefined;
  const state = decodeSessionState(taken.state);
  if (state === undefined) return undefined;
  const isUsable =
    state.serverName === serverName &&
    equalBytes(state.binding, settings.currentSessionBinding()) &&
    isCurrent(state, settings.config.clock()) &&
    isSafeToResume(state) &&
    (state.externalPsk === undefined || settings.externalPskDigests.find(state.externalPsk) !== undefined);
  return isUsable ? state : undefined;
}

/**
 * @param session of TLS 1.3
 * @param hash the only one to offer, after a HelloRetryRequest (RFC 8446 §4.1.2); `undefined`: any
 */
export function offeredPsks(
  settings: ClientSettings,
  session: SessionState | undefined,
  hash: HashAlgorithm | undefined,
): readonly OfferedPsk[] {
  const suites = settings.cipherSuites13.filter((suite) => hash === undefined || suite.hash === hash);
  const resumption = session === undefined ? undefined : resumptionPsk(settings, suites, session);
  const external = settings.config.externalPsks.flatMap((psk) => [...externalPsks(settings.crypto, suites, psk)]);
  return resumption === undefined ? external : [resumption, ...external];
}

function resumptionPsk(
  { config, externalPskDigests }: ClientSettings,
  suites: readonly CipherSuite13[],
  session: SessionState,
): OfferedPsk | undefined {
  const suite = suites.find(({ id }) => id === session.cipherSuite);
  if (suite === undefined) return undefined;
  return {
    identity: session.ticket,
    // §4.2.11.1: in milliseconds, modulo 2^32
    obfuscatedTicketAge: (config.clock() - session.createdAt + session.ticketAgeAdd) % 2 ** 32,
    suite,
    psk: session.secret,
    binderLabel: 'res binder',
    session,
    external: session.externalPsk && externalPskDigests.find(session.externalPsk),
  };
}

function* externalPsks(
  crypto: CryptoProvider,
  suites: readonly CipherSuite13[],
  external: ExternalPsk,
): Generator<OfferedPsk> {
  const hashes = external.importer === undefined ? [external.hash ?? 'sha256'] : importedHashes;
  for (const hash of hashes) {
    const suite = suites.find((each) => each.hash === hash);
    if (suite === undefined) continue;
    const rest = { obfuscatedTicketAge: 0, suite, session: undefined, external };
    if (external.importer === undefined)
      yield { identity: external.identity, psk: external.key, binderLabel: 'ext binder', ...rest };
    else yield { binderLabel: 'imp binder', ...rest, ...importPsk(crypto, external, external.importer.context, suite) };
  }
}

/** Computes the binders of a ClientHello and writes them where zeros stand (RFC 8446 §4.2.11.2). */
export function writeBinders(
  io: HandshakeIo,
  transcript: Transcript,
  clientHello: Uint8Array,
  psks: readonly OfferedPsk[],
): void {
  const start = clientHello.length - bindersLength(psks.map(({ suite }) => new Uint8Array(suite.hashLength)));
  const truncated = clientHello.subarray(0, start);
  let at = start + 2;
  for (const { suite, psk, binderLabel } of psks) {
    const schedule = new KeySchedule(io.crypto, suite);
    const truncatedHash = transcript.hashWith(suite.hash, truncated);
    clientHello.set(schedule.binder(io.earlySecret(schedule, psk), binderLabel, truncatedHash), at + 1);
    at += 1 + suite.hashLength;
  }
}

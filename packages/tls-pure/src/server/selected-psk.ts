import { TlsError, type ExternalPsk } from '@org/tls-core';
import { equalBytes, equalSecret } from '../crypto/bytes.ts';
import type { CipherSuite } from '../crypto/cipher-suites.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import { KeySchedule, type BinderLabel } from '../schedule/key-schedule.ts';
import { importPsk } from '../session/psk-importer.ts';
import type { SessionState } from '../session/session-state.ts';
import { bindersLength, type PskIdentity } from '../wire/extensions/pre-shared-key.ts';
import { commonSuites } from './choices.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import { findSession } from './server-sessions.ts';
import type { ServerSettings } from './server-settings.ts';

/** Identities that are looked up; a client has one or two. */
const maxIdentities = 8;

/** A PSK that both sides have (RFC 8446 §4.2.11), its binder checked. */
export interface SelectedPsk {
  /** Among the client's identities. */
  readonly index: number;
  readonly psk: Uint8Array;
  readonly suite: CipherSuite;
  readonly binderLabel: BinderLabel;
  readonly obfuscatedTicketAge: number;
  readonly binder: Uint8Array;
  readonly session: SessionState | undefined;
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
  retrySuite: CipherSuite | undefined,
): Handshake<SelectedPsk | undefined> {
  const selected = yield* findPsk(io, settings, hello, retrySuite);
  if (selected === undefined && settings.requiresPsk)
    throw new TlsError('ERR_TLS_UNKNOWN_PSK', 'the client has no pre-shared key that this server knows');
  return selected;
}

/** The first of the client's PSKs that we have, with a suite of its hash. The transcript ends before the ClientHello. */
function* findPsk(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHello13,
  retrySuite: CipherSuite | undefined,
): Handshake<SelectedPsk | undefined> {
  const { offeredPsks } = hello;
  if (offeredPsks === undefined) return undefined;
  const suites = retrySuite === undefined ? commonSuites(settings.cipherSuites, hello.cipherSuites) : [retrySuite];
  for (const [index, identity] of offeredPsks.identities.slice(0, maxIdentities).entries()) {
    const found = externalPsk(io, settings, suites, identity) ?? (yield* ticketPsk(settings, suites, hello, identity));
    if (found === undefined) continue;
    const binder = offeredPsks.binders[index] ?? new Uint8Array(0);
    const selected = { ...found, index, binder, obfuscatedTicketAge: identity.obfuscatedTicketAge };
    io.keep(selected.psk);
    checkBinder(io, hello.raw, offeredPsks.binders, selected);
    return selected;
  }
  return undefined;
}

type FoundPsk = Pick<SelectedPsk, 'psk' | 'suite' | 'binderLabel' | 'session' | 'external'>;

function externalPsk(
  { crypto }: HandshakeIo,
  { externalPsks, clientAuthentication }: ServerSettings,
  suites: readonly CipherSuite[],
  { identity }: PskIdentity,
): FoundPsk | undefined {
  // RFC 8446 §4.3.2: no certificate is asked for beside a PSK
  if (clientAuthentication === 'require') return undefined;
  for (const external of externalPsks) {
    for (const suite of suites) {
      const { importer, hash = 'sha256' } = external;
      if (importer !== undefined) {
        const imported = importPsk(crypto, external, importer.context, suite);
        if (!equalBytes(imported.identity, identity)) continue;
        return { psk: imported.psk, suite, binderLabel: 'imp binder', session: undefined, external };
      }
      if (suite.hash !== hash || !equalBytes(external.identity, identity)) continue;
      return { psk: new Uint8Array(external.key), suite, binderLabel: 'ext binder', session: undefined, external };
    }
  }
  return undefined;
}

function* ticketPsk(
  settings: ServerSettings,
  suites: readonly CipherSuite[],
  { serverName }: ClientHello13,
  { identity }: PskIdentity,
): Handshake<FoundPsk | undefined> {
  if (settings.tickets === 0) return undefined;
  const session = yield* findSession(settings, 'TLSv1.3', identity, serverName);
  if (session === undefined) return undefined;
  const hash = settings.cipherSuites.find(({ id }) => id === session.cipherSuite)?.hash;
  // the session's own suite keeps its early data
  const suite =
    suites.find(({ id }) => id === session.cipherSuite) ??
    suites.find((each) => hash !== undefined && each.hash === hash);
  if (suite === undefined) return undefined;
  return { psk: session.secret, suite, binderLabel: 'res binder', session, external: undefined };
}

function checkBinder(
  { crypto, transcript }: HandshakeIo,
  clientHello: Uint8Array,
  binders: readonly Uint8Array[],
  { suite, psk, binderLabel, binder }: SelectedPsk,
): void {
  const truncated = clientHello.subarray(0, clientHello.length - bindersLength(binders));
  const schedule = new KeySchedule(crypto, suite);
  const earlySecret = schedule.earlySecret(psk);
  const expected = schedule.binder(earlySecret, binderLabel, transcript.hashWith(suite.hash, truncated));
  earlySecret.fill(0);
  if (!equalSecret(expected, binder)) throw new TlsError('ERR_TLS_DECRYPT', 'ClientHello: a PSK binder is wrong');
}

import { TlsError } from '@org/tls-core';
import {
  namedGroups,
  type NamedGroup,
  keyFitsScheme12,
  type SignatureScheme,
  type CipherSuite12,
} from '@org/tls-crypto';
import type { ChosenIdentity } from '../handshake/choose-identity.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { keyFitsSuite } from '../handshake/proofs-12.ts';
import type { Handshake } from '../handshake/steps.ts';
import type { SessionState } from '../session/session-state.ts';
import type { LoadedIdentity } from '../handshake/identity.ts';
import { extendedMasterSecret } from '../wire/extensions/extended-master-secret.ts';
import { serverName } from '../wire/extensions/server-name.ts';
import { sessionTicket } from '../wire/extensions/session-ticket.ts';
import { signatureAlgorithms } from '../wire/extensions/signature-algorithms.ts';
import { supportedGroups } from '../wire/extensions/supported-groups.ts';
import { chooseServerIdentity, commonSuites, nothingInCommon } from './choices.ts';
import { findSession, findStoredSession } from './server-sessions.ts';
import type { ServerSettings } from './server-settings.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';

/** A session that is resumed, with its suite. */
export interface FoundSession12 {
  readonly session: SessionState;
  readonly suite: CipherSuite12;
}

/** The session that the client may resume; by ticket, else by session id. */
export function* findSession12(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHelloMessage,
): Handshake<FoundSession12 | undefined> {
  const ticket = hello.value(sessionTicket);
  const name = hello.value(serverName);
  const session =
    ticket !== undefined && ticket.length > 0 && settings.config.tickets > 0
      ? yield* findSession(io, settings, 'TLSv1.2', ticket, name)
      : yield* findStoredSession(io, settings, hello.legacySessionId, name);
  if (session === undefined) return undefined;
  const isExtended = hello.has(extendedMasterSecret);
  if (session.extendedMainSecret && !isExtended) {
    const message = 'ClientHello: no extended_master_secret for a session that has it (RFC 7627 §5.3)';
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message, { section: 'RFC 7627 §5.3' });
  }
  const suite = settings.cipherSuites12.find(({ id }) => id === session.cipherSuite);
  // RFC 5246 §7.4.1.2: the client must offer the session's suite again
  if (suite === undefined || !hello.cipherSuites.includes(suite.id)) return undefined;
  return session.extendedMainSecret === isExtended ? { session, suite } : undefined;
}

/** A suite, an identity whose key is of its type, and a group. */
export interface FullChoice {
  readonly suite: CipherSuite12;
  readonly identity: ChosenIdentity;
  readonly group: NamedGroup;
}

/** @throws TlsError `ERR_TLS_NO_COMMON_PARAMETERS` when nothing fits */
export function* chooseFull(settings: ServerSettings, hello: ClientHelloMessage): Handshake<FullChoice> {
  const group = chooseGroup12(settings, hello);
  const suites = commonSuites(settings.cipherSuites12, hello.cipherSuites);
  if (suites.length === 0) throw nothingInCommon('cipher suite');
  const schemes = hello.value(signatureAlgorithms) ?? new Uint16Array(0);
  const fits = (scheme: SignatureScheme, { publicKey }: LoadedIdentity): boolean =>
    keyFitsScheme12(publicKey, scheme) &&
    schemes.includes(scheme.id) &&
    suites.some((suite) => keyFitsSuite(publicKey, suite)) &&
    (publicKey.type !== 'ec' || takesCurve(hello, publicKey.curve));
  const identity = yield* chooseServerIdentity(settings, hello, fits);
  const suite = suites.find((each) => keyFitsSuite(identity.identity.publicKey, each));
  if (suite === undefined) throw nothingInCommon('cipher suite');
  return { suite, identity, group };
}

/** RFC 8422 §4: a client without `supported_groups` takes any. */
function chooseGroup12({ groups }: ServerSettings, hello: ClientHelloMessage): NamedGroup {
  const theirs = hello.value(supportedGroups);
  const ours = groups.filter(({ tls12 }) => tls12);
  const group =
    theirs === undefined ? ours.find(({ name }) => name === 'secp256r1') : ours.find(({ id }) => theirs.includes(id));
  if (group === undefined) throw nothingInCommon('key exchange group');
  return group;
}

/** RFC 8422 §5.1: certificates too are on the client's curves only. */
function takesCurve(hello: ClientHelloMessage, curve: string): boolean {
  const groups = hello.value(supportedGroups);
  const id = namedGroups.find(({ name }) => name === curve)?.id;
  return groups === undefined || (id !== undefined && groups.includes(id));
}

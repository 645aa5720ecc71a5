import { TlsError, type ClientEngineOptions, type EarlyDataReason } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { CipherSuite, NamedGroup } from '@org/tls-crypto';
import type { EchSelection } from '../ech/ech-config.ts';
import { decodeHelloRetryEch } from '../ech/extension.ts';
import { greaseEch } from '../ech/grease.ts';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { randomBytes } from '../handshake/settings.ts';
import type { Handshake } from '../handshake/steps.ts';
import { startEarlySecrets } from '../handshake/traffic-secrets.ts';
import type { Transcript } from '../schedule/transcript.ts';
import { ExtensionType } from '../wire/extension.ts';
import { offeredProtocols } from '../wire/extensions/alpn.ts';
import { decodeCookie } from '../wire/extensions/cookie.ts';
import { decodeSelectedGroup } from '../wire/extensions/key-share.ts';
import { WireVersion } from '../wire/extensions/supported-versions.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import type { ServerHello } from '../wire/messages/server-hello.ts';
import { clientHandshake12 } from './client-handshake-12.ts';
import { clientHandshake13, failRejected, isCompatible } from './client-handshake-13.ts';
import type { ClientSettings } from './client-settings.ts';
import { EchAttempt } from './encrypted-offer.ts';
import { drawGrease } from './grease.ts';
import { makeClientHello, type ClientHelloChoices, type ClientHelloState } from './make-client-hello.ts';
import { offeredPsks, takeSession } from './offered-psk.ts';
import { receiveServerHello } from './server-hello.ts';
import { checkServerHello13, suiteOf } from './server-hello-13.ts';

/**
 * The client's side of a handshake, from ClientHello to Finished, in the version that the server chooses.
 * @param selection the config to offer Encrypted Client Hello with
 */
export function* clientHandshake(
  io: HandshakeIo,
  settings: ClientSettings,
  options: ClientEngineOptions,
  selection: EchSelection | undefined,
): Handshake<Established> {
  const sent = yield* sendClientHello(io, settings, options, selection);
  const { ech } = sent;
  let hello = sent.hello;
  let serverHello = yield* receiveServerHello(io, settings, hello);
  if (serverHello.version === WireVersion.tls12) {
    // RFC 8446 §C.3: a server that speaks no 1.3 drops early data, and cannot have taken any
    if (hello.offersEarlyData)
      throw new TlsError('ERR_TLS_PROTOCOL_VERSION', 'the server chose TLS 1.2 for a client that sent early data');
    const established = yield* clientHandshake12(io, rejecting(settings, ech), hello, serverHello);
    return ech === undefined ? established : failRejected(undefined);
  }
  const suite = suiteOf(settings, serverHello);
  const isRetry = serverHello.isHelloRetryRequest;
  if (isRetry) {
    checkServerHello13(hello, serverHello, undefined);
    io.transcript.replaceWithMessageHash(suite.hash);
    io.transcript.add(serverHello.raw);
    const isConfirmed = ech?.acceptRetry(io, suite, serverHello.raw) ?? false;
    if (ech === undefined) checkRetryDecoy(serverHello);
    hello = yield* sendRetry(
      io,
      settings,
      isConfirmed && ech !== undefined ? ech.inner : hello,
      ech,
      serverHello,
      suite,
    );
    serverHello = yield* receiveServerHello(io, settings, hello);
    if (serverHello.version !== WireVersion.tls13)
      throw new TlsError('ERR_TLS_PROTOCOL_VERSION', 'ServerHello: not the version of the HelloRetryRequest (§4.1.4)');
  }
  const isAccepted = ech?.isAccepted(io, suite, serverHello.raw) ?? false;
  if (isAccepted && ech !== undefined) {
    io.transcript = ech.transcript;
    hello = ech.inner;
  }
  checkServerHello13(hello, serverHello, isRetry ? suite : undefined);
  io.transcript.begin(suite.hash);
  io.transcript.add(serverHello.raw);
  const outcome = ech === undefined ? greaseState(hello) : isAccepted ? 'accepted' : 'rejected';
  const ours = outcome === 'rejected' ? rejecting(settings, ech) : settings;
  return yield* clientHandshake13(io, ours, hello, serverHello, { suite, isRetry, ech: outcome });
}

function greaseState({ offered }: ClientHelloState): 'grease' | 'none' {
  return offered.has(ExtensionType.encryptedClientHello) ? 'grease' : 'none';
}

/** RFC 9849 §6.1.7: who is not the one that was meant gets no certificate, and no session of theirs is kept. */
function rejecting(settings: ClientSettings, ech: EchAttempt | undefined): ClientSettings {
  if (ech === undefined) return settings;
  return { ...settings, identities: [], selectIdentity: undefined, sessionStore: undefined };
}

/** RFC 9849 §6.2: the answer to a decoy is checked, and says nothing. */
function checkRetryDecoy({ extensions }: ServerHello): void {
  const body = extensions.get(ExtensionType.encryptedClientHello);
  if (body !== undefined) decodeHelloRetryEch(body);
}

function* sendClientHello(
  io: HandshakeIo,
  settings: ClientSettings,
  options: ClientEngineOptions,
  selection: EchSelection | undefined,
): Handshake<{ readonly hello: ClientHelloState; readonly ech: EchAttempt | undefined }> {
  const taken = yield* takeSession(io, settings, options);
  // a session of TLS 1.2 would tell who is meant
  const session = selection !== undefined && taken?.protocol === 'TLSv1.2' ? undefined : taken;
  const choices: ClientHelloChoices = {
    options,
    random: randomBytes(settings, 32),
    legacySessionId: chooseSessionId(settings, session),
    keyShares: settings.keyShareGroups.map((group) => ({ group, keyShare: settings.generateKeyShare(group) })),
    cookie: undefined,
    session,
    ...choosePsks(settings, options, session),
    grease: settings.sendsGrease ? drawGrease(settings) : undefined,
    order: undefined,
    extra: settings.sendsEchGrease && selection === undefined && settings.speaksTls13 ? [greaseEch(io.crypto)] : [],
  };
  const ech = selection === undefined ? undefined : yield* EchAttempt.start(io, settings, selection, choices);
  const hello = ech?.outer ?? makeClientHello(io, settings, choices);
  io.setLegacyRecordVersion(WireVersion.tls10); // RFC 8446 §5.1: for the sake of old peers
  io.send(hello.message);
  if (hello.offersEarlyData) startEarlyData(io, settings, ech?.inner ?? hello, ech?.transcript ?? io.transcript);
  return { hello, ech };
}

function choosePsks(
  settings: ClientSettings,
  options: ClientEngineOptions,
  session: ClientHelloState['session'],
): Pick<ClientHelloChoices, 'psks' | 'offersEarlyData' | 'earlyDataReason'> {
  const usable = session?.protocol === 'TLSv1.3' ? session : undefined;
  const psks = settings.speaksTls13 ? offeredPsks(settings, usable, undefined) : [];
  const earlyDataReason = earlyDataOf(settings, options, psks[0]?.session);
  return { psks, offersEarlyData: earlyDataReason === 'accepted', earlyDataReason };
}

/** @returns `accepted`: it is offered */
function earlyDataOf(
  settings: ClientSettings,
  options: ClientEngineOptions,
  session: ClientHelloState['session'],
): EarlyDataReason {
  if ((options.earlyData ?? false) === false) return 'disabled';
  if (!settings.speaksTls13) return 'protocolVersion';
  if (session === undefined) return 'noSession';
  if (session.maxEarlyData === 0) return 'unsupportedForSession';
  // §4.2.10: the server must be able to choose the session's protocol again
  const protocol = session.alpnProtocol;
  const isOnOffer =
    protocol === undefined || offeredProtocols(settings, options).some((each) => equalBytes(each, protocol));
  return isOnOffer ? 'accepted' : 'alpnMismatch';
}

function chooseSessionId(settings: ClientSettings, session: ClientHelloState['session']): Uint8Array {
  if (session?.protocol === 'TLSv1.2' && session.sessionId.length > 0) return session.sessionId;
  // RFC 5077 §3.4: of its own making, so that the server's echo tells that the ticket was taken
  const isNeeded = session?.protocol === 'TLSv1.2' || (settings.speaksTls13 && isCompatible(settings));
  return isNeeded ? randomBytes(settings, 32) : new Uint8Array(0);
}

/** §4.2.10: what is sent from here on goes out under the first PSK's keys. */
function startEarlyData(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  transcript: Transcript,
): void {
  const [first] = hello.psks;
  if (first?.session === undefined) return;
  if (isCompatible(settings)) io.sendChangeCipherSpec();
  const protection = startEarlySecrets(io, transcript, first.suite, first.psk, hello.random);
  io.startEarlyData(protection, first.session.maxEarlyData, hello.options.earlyData !== 'once');
  // only the record of the first ClientHello names an older version
  io.setLegacyRecordVersion(WireVersion.tls12);
}

/** ClientHello2 (RFC 8446 §4.1.2, §4.1.4). */
function* sendRetry(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  ech: EchAttempt | undefined,
  request: ServerHello,
  suite: CipherSuite,
): Handshake<ClientHelloState> {
  io.refuseExcess();
  const cookieBody = request.extensions.get(ExtensionType.cookie);
  const groupBody = request.extensions.get(ExtensionType.keyShare);
  if (cookieBody === undefined && groupBody === undefined)
    throw illegalParameter('HelloRetryRequest: it would change nothing (§4.1.4)');
  const group = groupBody === undefined ? undefined : wantedGroup(settings, hello, decodeSelectedGroup(groupBody));
  if (hello.offersEarlyData) {
    io.sealWith(undefined);
    io.endEarlyData('rejected');
  } else if (isCompatible(settings)) {
    io.sendChangeCipherSpec();
  }
  const changes = {
    keyShares: group === undefined ? hello.keyShares : [{ group, keyShare: settings.generateKeyShare(group) }],
    // §4.1.2: the share that was asked for is the only one, without a decoy beside it
    grease:
      group === undefined || hello.grease === undefined ? hello.grease : { ...hello.grease, shareGroup: undefined },
    cookie: cookieBody === undefined ? undefined : readCookie(cookieBody),
    psks: offeredPsks(settings, hello.psks[0]?.session, suite.hash),
    offersEarlyData: false,
  };
  if (ech !== undefined) yield* ech.retry(io, changes);
  const retry = ech?.outer ?? makeClientHello(io, settings, { ...hello, ...changes, order: [...hello.offered] });
  io.send(retry.message);
  // what was rejected is told when the handshake is done
  return { ...retry, offersEarlyData: hello.offersEarlyData };
}

/** More would not fit beside the other extensions of the second ClientHello, whose length is that of one cookie (§4.1.2, §4.2.2). */
const maxCookieLength = 2 ** 15;

function readCookie(body: Uint8Array): Uint8Array {
  const cookie = decodeCookie(body);
  if (cookie.length <= maxCookieLength) return cookie;
  throw new TlsError('ERR_TLS_LIMIT', `HelloRetryRequest: a cookie of ${cookie.length} bytes`);
}

/** §4.1.4: a group that we support, and for which we have not already sent a share. */
function wantedGroup(settings: ClientSettings, hello: ClientHelloState, id: number): NamedGroup {
  const group = settings.groups.find((each) => each.id === id);
  if (group === undefined) throw illegalParameter(`HelloRetryRequest: group ${id} was not offered`);
  if (hello.keyShares.some((each) => each.group === group))
    throw illegalParameter(`HelloRetryRequest: a share of ${group.name} was already sent`);
  return group;
}

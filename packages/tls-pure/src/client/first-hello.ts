import type { ClientEngineOptions, EarlyDataReason } from '@org/tls-core';
import { decodeAlpnProtocol, equalBytes } from '@org/tls-core/backend';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { randomBytes } from '../handshake/settings.ts';
import type { Handshake } from '../handshake/steps.ts';
import { startEarlySecrets } from '../handshake/traffic-secrets.ts';
import type { SessionState } from '../session/session-state.ts';
import { offeredProtocols } from '../wire/extensions/alpn.ts';
import { WireVersion } from '../wire/extensions/supported-versions.ts';
import { isMiddleboxCompatible, type ClientSettings } from './client-settings.ts';
import { drawGrease } from './grease.ts';
import type { HelloOffer, StartOffer } from './hello-offer.ts';
import type { ClientHelloChoices } from './make-client-hello.ts';
import { offeredPsks, takeSession } from './offered-psk.ts';
import { PlainOffer } from './plain-offer.ts';

/**
 * Sends the first ClientHello (RFC 8446 §4.1.2), which is then the transcript's only message, and starts early data behind it.
 * @param startEncrypted starts an offer of Encrypted Client Hello; `undefined`: none is made
 */
export function* sendFirstHello(
  io: HandshakeIo,
  settings: ClientSettings,
  options: ClientEngineOptions,
  startEncrypted: StartOffer | undefined,
): Handshake<HelloOffer> {
  const session = yield* takeSession(io, settings, options);
  const offer =
    startEncrypted === undefined
      ? new PlainOffer(io, settings, firstChoices(settings, options, session))
      : yield* startEncrypted(io, settings, firstChoices(settings, options, hiddenSession(session)));
  io.setLegacyRecordVersion(WireVersion.tls10); // RFC 8446 §5.1: for the sake of old peers
  io.send(offer.sent.message);
  if (offer.sent.offersEarlyData) startEarlyData(io, settings, offer);
  return offer;
}

/** The ClientHelloOuter would show a session of TLS 1.2, and with it which server is meant. */
function hiddenSession(session: SessionState | undefined): SessionState | undefined {
  return session?.protocol === 'TLSv1.2' ? undefined : session;
}

function firstChoices(
  settings: ClientSettings,
  options: ClientEngineOptions,
  session: SessionState | undefined,
): ClientHelloChoices {
  const usable = session?.protocol === 'TLSv1.3' ? session : undefined;
  const random = randomBytes(settings, 32);
  const legacySessionId = chooseSessionId(settings, session);
  const keyShares = settings.keyShareGroups.map((group) => ({ group, keyShare: settings.generateKeyShare(group) }));
  const psks = settings.speaksTls13 ? offeredPsks(settings, usable, undefined) : [];
  const earlyDataReason = earlyDataReasonOf(settings, options, psks[0]?.session);
  return {
    options,
    random,
    legacySessionId,
    keyShares,
    cookie: undefined,
    session,
    psks,
    offersEarlyData: earlyDataReason === 'accepted',
    earlyDataReason,
    grease: settings.config.grease ? drawGrease(settings) : undefined,
    order: undefined,
    extra: [],
  };
}

/** @returns `accepted`: early data is offered */
function earlyDataReasonOf(
  settings: ClientSettings,
  options: ClientEngineOptions,
  session: SessionState | undefined,
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

function chooseSessionId(settings: ClientSettings, session: SessionState | undefined): Uint8Array {
  if (session?.protocol === 'TLSv1.2' && session.sessionId.length > 0) return session.sessionId;
  // RFC 5077 §3.4: the client makes up an id, so that the server's echo tells that the ticket was taken
  const isNeeded = session?.protocol === 'TLSv1.2' || (settings.speaksTls13 && isMiddleboxCompatible(settings));
  return isNeeded ? randomBytes(settings, 32) : new Uint8Array(0);
}

/** RFC 8446 §4.2.10: what is sent from here on goes out under the keys of the first PSK. */
function startEarlyData(io: HandshakeIo, settings: ClientSettings, { meant }: HelloOffer): void {
  const { hello, transcript } = meant;
  const [first] = hello.psks;
  if (first?.session === undefined) return;
  if (isMiddleboxCompatible(settings)) io.sendChangeCipherSpec();
  const protection = startEarlySecrets(io, transcript, first.suite, first.psk, hello.random);
  const { maxEarlyData: maxLength, alpnProtocol } = first.session;
  io.startEarlyData(protection, {
    maxLength,
    alpnProtocol: alpnProtocol && decodeAlpnProtocol(alpnProtocol),
    isSentAgain: hello.options.earlyData !== 'once',
  });
  // only the record of the first ClientHello names an older version
  io.setLegacyRecordVersion(WireVersion.tls12);
}

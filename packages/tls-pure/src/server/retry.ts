import { equalSecret } from '@org/tls-core/backend';
import type { CipherSuite, NamedGroup } from '@org/tls-crypto';
import { confirmAcceptance, messageHash } from '../ech/accept-confirmation.ts';
import { unconfirmedHelloRetryEch } from '../ech/extension.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { randomBytes } from '../handshake/settings.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import type { Extension, ExtensionCarrier } from '../wire/extension.ts';
import { cookie, encodeCookie } from '../wire/extensions/cookie.ts';
import { earlyData } from '../wire/extensions/early-data.ts';
import { encodeSelectedGroup } from '../wire/extensions/key-share.ts';
import { encodeSelectedVersion, WireVersion } from '../wire/extensions/supported-versions.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import { decodeClientHello } from '../wire/messages/client-hello.ts';
import { encodeServerHello, helloRetryRequestRandom } from '../wire/messages/server-hello.ts';
import { ClientHello13 } from './client-hello-checks.ts';
import { ClientHelloMessage } from './client-hello-message.ts';
import { readInner, type ServerEch } from './server-ech.ts';
import type { ServerSettings } from './server-settings.ts';

/** The ClientHello behind a HelloRetryRequest, and the messages before it as Encrypted Client Hello confirms them. */
export interface Retried {
  readonly hello: ClientHello13;
  readonly messagesBefore: readonly Uint8Array[];
}

const cookieLength = 32;

/** Sends a HelloRetryRequest and takes the second ClientHello, which is not yet part of the transcript (RFC 8446 §4.1.4). */
export function* requestRetry(
  io: HandshakeIo,
  settings: ServerSettings,
  first: ClientHello13,
  suite: CipherSuite,
  group: NamedGroup,
  ech: ServerEch,
): Handshake<Retried> {
  io.refuseExcess();
  io.transcript.add(first.raw);
  io.transcript.replaceWithMessageHash(suite.hash);
  const hashed = messageHash(io.crypto, suite.hash, first.raw);
  const sentCookie = settings.sendsRetryCookie ? randomBytes(settings, cookieLength) : undefined;
  const planned = [encodeSelectedGroup(group.id), encodeSelectedVersion(WireVersion.tls13)];
  if (sentCookie !== undefined) planned.push(encodeCookie(sentCookie));
  if (ech.isInner) planned.push(unconfirmedHelloRetryEch);
  const request = encodeServerHello({
    random: helloRetryRequestRandom,
    legacySessionIdEcho: first.legacySessionId,
    cipherSuite: suite.id,
    extensions: (settings.overrides.shapeExtensions ?? keep)('HelloRetryRequest', planned),
  });
  const { crypto } = io;
  const sent = ech.isInner
    ? confirmAcceptance({ crypto, hash: suite.hash, innerRandom: first.random, messagesBefore: [hashed] }, request)
    : request;
  io.send(sent);
  if (first.legacySessionId.length > 0) io.sendChangeCipherSpec();
  const hello = yield* receiveSecondHello(io, first, ech);
  checkRetry(hello, group, sentCookie);
  return { hello, messagesBefore: [hashed, sent] };
}

function* receiveSecondHello(io: HandshakeIo, first: ClientHello13, { opened }: ServerEch): Handshake<ClientHello13> {
  const { body, raw } = yield* io.next(HandshakeType.clientHello);
  const outer = decodeClientHello(body);
  const second =
    opened === undefined
      ? new ClientHelloMessage(outer, raw)
      : readInner(yield* settle(opened.openSecond({ hello: outer, raw })));
  return new ClientHello13(second, first);
}

function checkRetry(second: ClientHello13, group: NamedGroup, sentCookie: Uint8Array | undefined): void {
  if (!second.keyShares.has(group.id) || second.keyShares.size > 1)
    throw illegalParameter(`ClientHello: expected one key_share of ${group.name} after the HelloRetryRequest (§4.2.8)`);
  if (second.has(earlyData)) throw illegalParameter('ClientHello: early_data after a HelloRetryRequest (§4.1.2)');
  if (sentCookie !== undefined && !isSameCookie(sentCookie, second.value(cookie)))
    throw illegalParameter('ClientHello: the cookie of the HelloRetryRequest did not come back (§4.2.2)');
}

export function keep(_carrier: ExtensionCarrier, extensions: readonly Extension[]): readonly Extension[] {
  return extensions;
}

function isSameCookie(sent: Uint8Array, received: Uint8Array | undefined): boolean {
  return received !== undefined && equalSecret(sent, received);
}

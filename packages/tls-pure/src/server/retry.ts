import { equalSecret } from '@org/tls-core/backend';
import type { CipherSuite13, NamedGroup } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { randomBytes } from '../handshake/settings.ts';
import { shapedExtensions } from '../handshake/shaped-extensions.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import type { Extension } from '../wire/extension.ts';
import { cookie, encodeCookie } from '../wire/extensions/cookie.ts';
import { earlyData } from '../wire/extensions/early-data.ts';
import { encodeSelectedGroup } from '../wire/extensions/key-share.ts';
import { encodeSelectedVersion, WireVersion } from '../wire/extensions/supported-versions.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import { encodeServerHello, helloRetryRequestRandom } from '../wire/messages/server-hello.ts';
import { ClientHello13 } from './client-hello-checks.ts';
import { receiveClientHello, type ServerEch } from './server-ech.ts';
import type { ServerSettings } from './server-settings.ts';

/** What a HelloRetryRequest is about. */
export interface RetryRequest {
  readonly first: ClientHello13;
  readonly suite: CipherSuite13;
  /** The group that the client shall send a share of. */
  readonly group: NamedGroup;
}

const cookieLength = 32;

/**
 * Sends a HelloRetryRequest and receives the second ClientHello (RFC 8446 §4.1.4).
 *
 * Before, the transcript is empty; behind, it ends with the HelloRetryRequest.
 */
export function* requestRetry(
  io: HandshakeIo,
  settings: ServerSettings,
  request: RetryRequest,
  ech: ServerEch,
): Handshake<ClientHello13> {
  const { first, suite, group } = request;
  io.refuseExcess();
  io.transcript.add(first.raw);
  io.transcript.replaceWithMessageHash(suite.hash);
  const sentCookie = settings.config.retryCookie ? randomBytes(settings, cookieLength) : undefined;
  const planned: Extension[] = [encodeSelectedGroup(group.id), encodeSelectedVersion(WireVersion.tls13)];
  if (sentCookie !== undefined) planned.push(encodeCookie(sentCookie));
  planned.push(...ech.retryExtensions);
  const helloRetryRequest = encodeServerHello({
    random: helloRetryRequestRandom,
    legacySessionIdEcho: first.legacySessionId,
    cipherSuite: suite.id,
    extensions: shapedExtensions(settings, 'HelloRetryRequest', planned),
  });
  io.send(ech.confirmRetry(suite.hash, first, helloRetryRequest));
  if (first.legacySessionId.length > 0) io.sendChangeCipherSpec();
  const second = new ClientHello13(yield* settle(ech.readSecond(yield* receiveClientHello(io))), first);
  checkRetry(second, group, sentCookie);
  return second;
}

function checkRetry(second: ClientHello13, group: NamedGroup, sentCookie: Uint8Array | undefined): void {
  if (!second.keyShares.has(group.id) || second.keyShares.size > 1)
    throw illegalParameter(`ClientHello: expected one key_share of ${group.name} after the HelloRetryRequest (§4.2.8)`);
  if (second.has(earlyData)) throw illegalParameter('ClientHello: early_data after a HelloRetryRequest (§4.1.2)');
  if (sentCookie !== undefined && !isSameCookie(sentCookie, second.value(cookie)))
    throw illegalParameter('ClientHello: the cookie of the HelloRetryRequest did not come back (§4.2.2)');
}

function isSameCookie(sent: Uint8Array, received: Uint8Array | undefined): boolean {
  return received !== undefined && equalSecret(sent, received);
}

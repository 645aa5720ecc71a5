import { TlsError } from '@org/tls-core';
import type { CipherSuite13, NamedGroup } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import { ExtensionType, type Extensions } from '../wire/extension.ts';
import { decodeCookie } from '../wire/extensions/cookie.ts';
import { decodeSelectedGroup } from '../wire/extensions/key-share.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import { isMiddleboxCompatible, type ClientSettings } from './client-settings.ts';
import type { HelloOffer } from './hello-offer.ts';
import type { ClientHelloChoices, ClientHelloState } from './make-client-hello.ts';
import { offeredPsks } from './offered-psk.ts';
import type { ServerHelloMessage } from './server-hello.ts';
import { checkServerHello13 } from './server-hello-13.ts';

/**
 * Answers a HelloRetryRequest with the second ClientHello (RFC 8446 §4.1.2, §4.1.4), which is then the transcript's last message.
 * @param suite the one that the request names
 */
export function* sendSecondHello(
  io: HandshakeIo,
  settings: ClientSettings,
  offer: HelloOffer,
  request: ServerHelloMessage,
  suite: CipherSuite13,
): Handshake<void> {
  checkServerHello13(offer.sent, request, undefined);
  const answered = offer.takeRetryRequest(suite, request);
  io.refuseExcess();
  const changes = changesFor(settings, answered, request.extensions, suite);
  endEarlyData(io, settings, offer.sent);
  yield* settle(offer.retry(changes));
  io.send(offer.sent.message);
}

/** §4.1.2: what a second ClientHello may change. */
function changesFor(
  settings: ClientSettings,
  hello: ClientHelloState,
  extensions: Extensions,
  suite: CipherSuite13,
): Partial<ClientHelloChoices> {
  const cookieBody = extensions.get(ExtensionType.cookie);
  const groupBody = extensions.get(ExtensionType.keyShare);
  if (cookieBody === undefined && groupBody === undefined)
    throw illegalParameter('HelloRetryRequest: it would change nothing (§4.1.4)');
  return {
    ...(groupBody === undefined ? {} : sharesOf(settings, hello, decodeSelectedGroup(groupBody))),
    cookie: cookieBody === undefined ? undefined : readCookie(cookieBody),
    psks: offeredPsks(settings, hello.psks[0]?.session, suite.hash),
    offersEarlyData: false,
  };
}

/** §4.1.2: the share that was asked for is the only one, without a decoy beside it. */
function sharesOf(
  settings: ClientSettings,
  hello: ClientHelloState,
  groupId: number,
): Pick<ClientHelloChoices, 'keyShares' | 'grease'> {
  const group = wantedGroup(settings, hello, groupId);
  return {
    keyShares: [{ group, keyShare: settings.generateKeyShare(group) }],
    grease: hello.grease === undefined ? undefined : { ...hello.grease, shareGroup: undefined },
  };
}

/** §4.1.4: the server must ask for a group that we support, and for which we have not already sent a share. */
function wantedGroup(settings: ClientSettings, hello: ClientHelloState, id: number): NamedGroup {
  const group = settings.groups.find((each) => each.id === id);
  if (group === undefined) throw illegalParameter(`HelloRetryRequest: group ${id} was not offered`);
  if (hello.keyShares.some((each) => each.group === group))
    throw illegalParameter(`HelloRetryRequest: a share of ${group.name} was already sent`);
  return group;
}

/** More would not fit beside the other extensions of the second ClientHello, whose length is that of one cookie (§4.1.2, §4.2.2). */
const maxCookieLength = 2 ** 15;

function readCookie(body: Uint8Array): Uint8Array {
  const cookie = decodeCookie(body);
  if (cookie.length <= maxCookieLength) return cookie;
  throw new TlsError('ERR_TLS_LIMIT', `HelloRetryRequest: a cookie of ${cookie.length} bytes`);
}

/** §4.2.10: a HelloRetryRequest rejects early data. §D.4: ChangeCipherSpec goes out once, and before early data it did. */
function endEarlyData(io: HandshakeIo, settings: ClientSettings, { offersEarlyData }: ClientHelloState): void {
  if (offersEarlyData) {
    io.sealWith(undefined);
    io.endEarlyData();
  } else if (isMiddleboxCompatible(settings)) {
    io.sendChangeCipherSpec();
  }
}

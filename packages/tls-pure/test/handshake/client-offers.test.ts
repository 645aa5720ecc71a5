import { AlertDescription } from '@org/tls-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import type { Extension } from '../../src/wire/extension.ts';
import { enginePair } from '../support/engine-pair.ts';
import { also, editExtensions, instead, without } from '../support/message-edits.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

const preSharedKey = 41;
const cookie = 44;
const keyShare = 51;
type Edit = (extensions: readonly Extension[]) => readonly Extension[];

/** Changes the ClientHello of this number. */
function inHello(number: 1 | 2, edit: Edit): HandshakeOverrides {
  let hellos = 0;
  return editExtensions('ClientHello', (planned) => {
    hellos += 1;
    return hellos === number ? edit(planned) : planned;
  });
}

/** Adds key shares behind those that are there, which stay as good as they are. */
function withShares(more: (shares: Uint8Array) => Uint8Array): Edit {
  return (extensions) =>
    extensions.map((each) => {
      if (each.type !== keyShare) return each;
      const shares = Uint8Array.of(...each.body.subarray(2), ...more(each.body.subarray(2)));
      return { type: keyShare, body: Uint8Array.of(shares.length >>> 8, shares.length, ...shares) };
    });
}

const x25519Share = Uint8Array.of(0, 29, 0, 32, ...new Uint8Array(32).fill(9));
const retrying = { groups: ['secp256r1'] } as const;
const withCookie = { ...retrying, retryCookie: true } as const;
/** Identities, as the body of `pre_shared_key` has them: `count` of two bytes each, and one binder. */
const identities = (count: number): readonly number[] => [
  0,
  8 * count,
  ...Array.from({ length: count }, () => [0, 2, 7, 7, 0, 0, 0, 0]).flat(),
  0,
  33,
  32,
  ...new Uint8Array(32),
];

describe('a server refuses a client that', () => {
  it.each<[string, HandshakeOverrides, Partial<TestPair['server']>]>([
    [
      '§4.2.8 sends two shares of one group, both of them good',
      inHello(
        1,
        withShares((shares) => shares),
      ),
      {},
    ],
    [
      '§4.2.8 sends a share beside the one that it was asked for',
      inHello(
        2,
        withShares(() => x25519Share),
      ),
      retrying,
    ],
    ['§4.2.2 does not send the cookie back', inHello(2, without(cookie)), withCookie],
    ['§4.2.2 sends another cookie back', inHello(2, instead(cookie, 0, 32, ...new Uint8Array(32))), withCookie],
    ['§4.2.11 has more identities than binders', inHello(1, also(preSharedKey, ...identities(2))), {}],
  ])('RFC 8446 %s', (_title, clientOverrides, server) => {
    const engines = enginePair({ client: pair.client, server: { ...pair.server, ...server }, clientOverrides });
    engines.server.start();
    engines.client.start();
    engines.pump();
    expect(engines.serverSink.failure).toMatchObject({
      code: 'ERR_TLS_ILLEGAL_PARAMETER',
      alert: AlertDescription.illegalParameter,
      direction: 'sent',
    });
  });

  it.each([
    ['a cookie, and it comes back', withCookie],
    ['another share, and it comes', retrying],
  ])('but not one that is asked for %s', (_what, server) => {
    const engines = enginePair({ client: pair.client, server: { ...pair.server, ...server } });
    engines.server.start();
    engines.client.start();
    engines.pump();
    expect(engines.serverSink.info).toMatchObject({ helloRetryRequest: true });
  });
});

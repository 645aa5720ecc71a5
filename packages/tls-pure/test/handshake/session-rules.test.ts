import { beforeAll, expect, it } from 'vitest';
import { decodeClientHello } from '../../src/wire/messages/client-hello.ts';
import { enginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

const preSharedKey = 41;
let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

it.each([8, 9])('of a client’s pre-shared keys eight are looked up, and no more: the one at place %i', (place) => {
  const keys = Array.from({ length: place }, (_, index) => ({
    identity: Uint8Array.of(index),
    key: new Uint8Array(32).fill(index + 1),
  }));
  const engines = enginePair({
    client: { ...pair.client, externalPsks: keys },
    server: { ...pair.server, externalPsks: keys.slice(-1) },
  });
  engines.server.start();
  engines.client.start();
  engines.pump();
  expect(engines.serverSink.failure).toBeUndefined();
  expect(engines.serverSink.info?.externalPskIdentity).toEqual(place === 8 ? Uint8Array.of(7) : undefined);
});

it.each([
  ['localhost', true],
  ['other.test', false],
])('RFC 8446 §4.6.1 a session of localhost is offered to %s: %s', (serverName, isOffered) => {
  const first = enginePair(pair);
  first.server.start();
  first.client.start();
  first.pump();
  const [session] = first.clientSink.sessions;
  if (session === undefined) throw new Error('the server gave no session');
  const { client, clientSink } = enginePair({ ...pair, serverName, engine: { session } });
  client.start();
  const { extensions } = decodeClientHello(Buffer.concat(clientSink.outgoing).subarray(9));
  expect(extensions.has(preSharedKey)).toBe(isOffered);
});

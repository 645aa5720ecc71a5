import { beforeAll, expect, it } from 'vitest';
import { enginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

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

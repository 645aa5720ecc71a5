import { beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { enginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

/** Offsets in the record of a hello: header 5, message header 4, version 2. */
const randomAt = 11;
const sessionIdAt = randomAt + 32 + 1;

const text = (record: Uint8Array | undefined, at: number): string =>
  Buffer.from(record?.subarray(at, at + 32) ?? []).toString('hex');

describe.each([nodeCrypto, nobleCrypto])('over the provider $name', (crypto) => {
  it('no hello has the random of another, nor a session id, nor zeros in their place', () => {
    const seen: string[] = ['00'.repeat(32)];
    for (let index = 0; index < 4; index += 1) {
      const { client, server, clientSink, serverSink } = enginePair({ ...pair, crypto });
      server.start();
      client.start();
      const [clientHello] = clientSink.outgoing;
      server.receive(clientHello ?? new Uint8Array(0));
      seen.push(text(clientHello, randomAt), text(clientHello, sessionIdAt), text(serverSink.outgoing[0], randomAt));
    }
    expect(seen.every((each) => each.length === 64)).toBe(true);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { enginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

describe('a second ClientHello', () => {
  it.each([true, false])('§4.1.2 has one key share, with GREASE (%s) or without', (grease) => {
    const engines = enginePair({
      client: {
        ...pair.client,
        grease,
        permuteExtensions: grease,
        groups: ['x25519', 'secp384r1'],
        keyShares: ['x25519'],
      },
      server: { ...pair.server, groups: ['secp384r1'] },
    });
    engines.server.start();
    engines.client.start();
    engines.pump();
    expect(engines.clientSink.failure).toBeUndefined();
    expect(engines.serverSink.failure).toBeUndefined();
    expect(engines.clientSink.info).toMatchObject({ helloRetryRequest: true, group: 'secp384r1' });
  });

  it('§4.2.2 brings the cookie back', () => {
    const engines = enginePair({
      client: { ...pair.client, keyShares: ['x25519'] },
      server: { ...pair.server, groups: ['secp256r1'], retryCookie: true },
    });
    engines.server.start();
    engines.client.start();
    engines.pump();
    expect(engines.serverSink.info).toMatchObject({ helloRetryRequest: true });
  });
});

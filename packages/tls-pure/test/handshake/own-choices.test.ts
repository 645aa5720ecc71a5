import { beforeAll, describe, expect, it } from 'vitest';
import { enginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

const maxFragmentLength = { type: 1, body: Uint8Array.of(1) };
let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

describe('a server', () => {
  it('gives ChaCha20-Poly1305 to a client that puts it first', () => {
    const { server, client, serverSink, pump } = enginePair({
      ...pair,
      client: { ...pair.client, cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'] },
    });
    server.start();
    client.start();
    pump();
    expect(serverSink.info?.cipherSuite).toBe('TLS_CHACHA20_POLY1305_SHA256');
  });

  it('RFC 6066 §4 does not answer max_fragment_length in TLS 1.2', () => {
    const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
    const { server, client, clientSink, serverSink, pump } = enginePair({
      client: { ...pair.client, ...tls12 },
      server: { ...pair.server, ...tls12 },
      clientOverrides: {
        shapeExtensions: (carrier, list) => (carrier === 'ClientHello' ? [...list, maxFragmentLength] : list),
      },
    });
    server.start();
    client.start();
    pump();
    // the client did not offer it, and would refuse the answer
    expect(clientSink.failure ?? serverSink.failure).toBeUndefined();
    expect(serverSink.info).toBeDefined();
  });
});

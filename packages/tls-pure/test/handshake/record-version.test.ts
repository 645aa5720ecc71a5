import { beforeAll, describe, expect, it } from 'vitest';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { enginePair, type PairOptions } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const renegotiationInfo = 0xff01;
const supportedVersions = 43;

describe('RFC 8446 §5.1 a client’s first ClientHello alone goes in a record of version 0x0301', () => {
  it.each<readonly [string, (known: TestPair) => PairOptions]>([
    ['TLS 1.3', (known) => known],
    ['a HelloRetryRequest', ({ client, server }) => ({ client, server: { ...server, groups: ['secp256r1'] } })],
    ['TLS 1.2', ({ client, server }) => ({ client: { ...client, ...tls12 }, server: { ...server, ...tls12 } })],
    [
      'an alert that refuses a ServerHello of TLS 1.2',
      ({ client, server }) => ({
        client: { ...client, ...tls12 },
        server: { ...server, ...tls12 },
        serverOverrides: withoutInServerHello(renegotiationInfo),
      }),
    ],
    [
      'an alert that refuses a ServerHello of TLS 1.3',
      ({ client, server }) => ({
        client,
        server,
        serverOverrides: withoutInServerHello(supportedVersions),
      }),
    ],
  ])('in a handshake with %s', (_, optionsOf) => {
    const engines = enginePair(optionsOf(pair));
    const versions: number[] = [];
    engines.server.start();
    engines.client.start();
    engines.pump((batch, from) => {
      if (from === 'client') versions.push(...recordVersions(batch));
      return [batch];
    });
    const [first, ...rest] = versions;
    expect(first).toBe(0x0301);
    expect(rest.length).toBeGreaterThan(0);
    expect(new Set(rest)).toEqual(new Set([0x0303]));
  });
});

function withoutInServerHello(type: number): HandshakeOverrides {
  return {
    shapeExtensions: (carrier, list) => (carrier === 'ServerHello' ? list.filter((each) => each.type !== type) : list),
  };
}

function recordVersions(batch: Uint8Array): readonly number[] {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length);
  const versions: number[] = [];
  for (let at = 0; at < batch.length; at += 5 + view.getUint16(at + 3)) versions.push(view.getUint16(at + 1));
  return versions;
}

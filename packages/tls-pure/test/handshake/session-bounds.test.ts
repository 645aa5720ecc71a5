import { createRoot } from '@org/pki';
import type { ServerConfig } from '@org/tls-core';
import { certificatesInPem, maxSessionState } from '@org/tls-core/backend';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeNewSessionTicket13 } from '../../src/wire/messages/new-session-ticket-13.ts';
import { enginePair, type PairOptions } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

const cookie = 44;
const noStore = { put: () => undefined, take: () => undefined };
let pair: TestPair;
/** A client's, which any server here accepts. */
let device: { readonly certificateChain: readonly Uint8Array[]; readonly privateKey: string };
beforeAll(async () => {
  pair = await testPair();
  const leaf = await (await createRoot()).issue({ extendedKeyUsage: ['clientAuth'] });
  device = { certificateChain: certificatesInPem(leaf.chainPem, 'identity'), privateKey: leaf.privateKeyPem };
});

function connect(options: Partial<PairOptions>) {
  const engines = enginePair({ ...pair, ...options });
  engines.server.start();
  engines.client.start();
  engines.pump();
  return engines;
}

/** The pair's server, with surplus certificates of so many bytes behind its own. */
function serverWithSurplus(length: number): ServerConfig {
  const { identity } = pair.server;
  if (identity === undefined || Array.isArray(identity) || !('certificateChain' in identity)) throw new Error('one');
  const [leaf = new Uint8Array()] = certificatesInPem(String(identity.certificateChain), 'identity');
  const surplus = new Uint8Array(length / 4).fill(1);
  const certificateChain = [leaf, surplus, surplus, surplus, surplus];
  return { ...pair.server, identity: { ...identity, certificateChain } as never, sessionStore: noStore, tickets: 4 };
}

describe('a client’s session', () => {
  it('holds each certificate once, those of the path too', () => {
    const { clientSink } = connect({ server: serverWithSurplus(8000) });
    expect(clientSink.failure).toBeUndefined();
    expect(clientSink.sessions).toHaveLength(4);
    for (const { state } of clientSink.sessions) expect(state.length).toBeLessThan(8000 + 2000);
  });

  it('is not kept when what the server sent makes it too large', () => {
    const { clientSink } = connect({ server: serverWithSurplus(40_000) });
    expect(clientSink.failure).toBeUndefined();
    expect(clientSink.info).toBeDefined();
    expect(clientSink.sessions).toEqual([]);
  });

  it('is kept with any ticket that a later ClientHello has room for', () => {
    for (const [length, kept] of [
      [maxSessionState - 4000, 1],
      [65_000, 0],
    ] as const) {
      const message = encodeNewSessionTicket13(
        { ticketLifetimeSeconds: 7200, ticketAgeAdd: 1, ticketNonce: Uint8Array.of(0), ticket: new Uint8Array(length) },
        [],
      );
      const first = connect({ serverOverrides: { afterHandshake: [message] } });
      expect(first.clientSink.failure).toBeUndefined();
      expect(first.clientSink.sessions).toHaveLength(kept);
      for (const session of first.clientSink.sessions) {
        const { clientSink, serverSink } = connect({ engine: { session } });
        expect(clientSink.failure ?? serverSink.failure).toBeUndefined();
        expect(clientSink.info?.resumed).toBe(false);
      }
    }
  });
});

describe('a cookie of a HelloRetryRequest', () => {
  it('that leaves no room for the rest of the second ClientHello ends the handshake with ERR_TLS_LIMIT', () => {
    const body = new Uint8Array(65_300);
    new DataView(body.buffer).setUint16(0, body.length - 2);
    const { clientSink } = connect({
      client: { ...pair.client, groups: ['x25519', 'secp256r1'], keyShares: ['x25519'] },
      server: { ...pair.server, groups: ['secp256r1'], retryCookie: true },
      serverOverrides: {
        shapeExtensions: (carrier, planned) =>
          carrier === 'HelloRetryRequest'
            ? planned.map((each) => (each.type === cookie ? { type: cookie, body } : each))
            : planned,
      },
    });
    expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_LIMIT', direction: 'sent' });
  });
});

describe('a server’s ticket', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is left out in %s where the client’s chain makes it longer than a record, and the connection goes on',
    (version) => {
      const surplus = new Uint8Array(5000).fill(1);
      const certificateChain = [...device.certificateChain, surplus, surplus, surplus, surplus];
      const versions = { minVersion: version, maxVersion: version };
      const asking = { clientAuthentication: 'require', dangerous: { acceptAnyClientCertificate: true } } as const;
      for (const [chain, tickets] of [
        [device.certificateChain, version === 'TLSv1.3' ? 2 : 1],
        [certificateChain, 0],
      ] as const) {
        const { clientSink, serverSink } = connect({
          client: { ...pair.client, ...versions, identity: { ...device, certificateChain: chain } },
          server: { ...pair.server, ...versions, ...asking },
        });
        expect(clientSink.failure ?? serverSink.failure).toBeUndefined();
        expect(serverSink.info?.clientAuthentication).toBe('provided');
        expect(clientSink.sessions).toHaveLength(tickets);
      }
    },
  );
});

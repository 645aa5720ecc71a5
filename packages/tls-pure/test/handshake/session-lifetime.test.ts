import type { TlsSession } from '@org/tls-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { enginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

const day = 86_400;
const ticketKeys = { current: () => [{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(2) }] };
let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

/** One connection, so many seconds after the first. */
function connectAt(
  seconds: number,
  version: 'TLSv1.2' | 'TLSv1.3',
  sessionLifetimeSeconds: number,
  session: TlsSession | undefined,
): { readonly resumed: boolean | undefined; readonly session: TlsSession | undefined } {
  const clock = (): number => Date.now() + seconds * 1000;
  const versions = { minVersion: version, maxVersion: version, clock };
  const engines = enginePair({
    client: { ...pair.client, ...versions },
    server: { ...pair.server, ...versions, sessionLifetimeSeconds, ticketKeys },
    ...(session !== undefined && { engine: { session } }),
  });
  engines.server.start();
  engines.client.start();
  engines.pump();
  expect(engines.clientSink.failure).toBeUndefined();
  return { resumed: engines.serverSink.info?.resumed, session: engines.clientSink.sessions.at(-1) };
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('RFC 8446 §4.6.1 sessions of %s that follow each other', (version) => {
  it('end when the first one would have ended', () => {
    const first = connectAt(0, version, 600, undefined);
    const second = connectAt(400, version, 600, first.session);
    const third = connectAt(590, version, 600, second.session);
    const fourth = connectAt(610, version, 600, third.session);
    expect([first, second, third, fourth].map(({ resumed }) => resumed)).toEqual([false, true, true, false]);
    const [begin = Number.NaN, end = Number.NaN] = [second.session?.receivedAt, second.session?.expiresAt];
    expect((end - begin) / 1000).toBeLessThanOrEqual(200);
  });

  it('are worth nothing to a server whose lifetime was cut since', () => {
    const first = connectAt(0, version, 600, undefined);
    const second = connectAt(500, version, 60, first.session);
    expect(second.resumed).toBe(true); // the ticket says 600
    expect(connectAt(510, version, 60, second.session).resumed).toBe(false);
  });

  it('end after seven days at the latest, as the client counts', () => {
    let session = connectAt(0, version, 7 * day, undefined).session;
    for (const days of [3, 6]) {
      const next = connectAt(days * day, version, 7 * day, session);
      expect(next.resumed).toBe(true);
      session = next.session;
    }
    expect((session?.expiresAt ?? 0) - (session?.receivedAt ?? 0)).toBeLessThanOrEqual(day * 1000);
  });
});

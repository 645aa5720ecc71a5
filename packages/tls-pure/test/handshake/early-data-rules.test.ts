import { AlertDescription, type TlsSession } from '@org/tls-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeSessionState, encodeSessionState, type SessionState } from '../../src/session/session-state.ts';
import { enginePair, type EnginePair, type PairOptions } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

const ticketKeys = { current: () => [{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(1) }] };
/** Shared by all servers here, so that the tickets of one are good for the next. */
const replayGuard = { firstUse: () => true };
/** TLS_CHACHA20_POLY1305_SHA256, whose hash is that of TLS_AES_128_GCM_SHA256. */
const chaCha20 = 0x1303;
let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

interface Attempt {
  readonly client?: PairOptions['client'];
  readonly server?: Partial<PairOptions['server']>;
  readonly session?: TlsSession | undefined;
  readonly sent?: Uint8Array;
}

function connect({ client, server, session, sent = Uint8Array.of(1) }: Attempt): EnginePair {
  const engines = enginePair({
    client: { ...pair.client, ...client },
    server: { ...pair.server, ticketKeys, replayGuard, maxEarlyData: 1000, ...server },
    engine: { earlyData: true, ...(session && { session }) },
  });
  engines.server.start();
  engines.client.start();
  engines.client.send(sent);
  engines.pump();
  return engines;
}

function sessionOf(attempt: Attempt = {}): TlsSession {
  const [session] = connect(attempt).clientSink.sessions;
  if (session === undefined) throw new Error('the server gave no session');
  return session;
}

/** The session as the client has it, and not as the server's ticket says. */
function edited(session: TlsSession, change: Partial<SessionState>): TlsSession {
  const state = decodeSessionState(session.state);
  if (state === undefined) throw new Error('the session cannot be read');
  return { ...session, ...change, state: encodeSessionState({ ...state, ...change }) } as TlsSession;
}

describe('a server takes early data', () => {
  it('when nobody misbehaves', () => {
    const { serverSink } = connect({ session: sessionOf(), sent: new Uint8Array(1000) });
    expect(serverSink.info).toMatchObject({ earlyData: 'accepted', earlyDataReason: 'accepted' });
    expect(serverSink.text).toHaveLength(1000);
  });

  it('RFC 8446 §4.2.10 no more of it than it allowed', () => {
    const session = edited(sessionOf(), { maxEarlyData: 3000 });
    const { serverSink } = connect({ session, sent: new Uint8Array(2000) });
    expect(serverSink.failure).toMatchObject({
      code: 'ERR_TLS_LIMIT',
      alert: AlertDescription.unexpectedMessage,
      direction: 'sent',
    });
    expect(serverSink.received).toHaveLength(0);
  });

  it('RFC 8446 §4.2.10 under no other suite than the session’s', () => {
    const session = sessionOf({ server: { cipherSuites: ['TLS_AES_128_GCM_SHA256'] } });
    const { serverSink } = connect({
      session: edited(session, { cipherSuite: chaCha20 }),
      client: { ...pair.client, cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256'] },
    });
    expect(serverSink.info).toMatchObject({ resumed: true, earlyData: 'rejected' });
    expect(serverSink.info?.earlyDataReason).toBe('unsupportedForSession');
  });

  it.each([-120, 120])('RFC 8446 §8.3 not when the client thinks its ticket %i s older', (seconds) => {
    const session = sessionOf({ client: { ...pair.client, clock: () => Date.now() - 600_000 } });
    const client = { ...pair.client, clock: () => Date.now() - 600_000 + (300 + seconds) * 1000 };
    const clock = (): number => Date.now() + 300_000;
    const { serverSink } = connect({ session, client, server: { clock } });
    expect(serverSink.info).toMatchObject({ resumed: true, earlyData: 'rejected', earlyDataReason: 'ticketAgeSkew' });
  });
});

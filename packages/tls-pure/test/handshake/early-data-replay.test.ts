import type { TlsSession } from '@org/tls-core';
import { beforeAll, expect, it } from 'vitest';
import { createBackend } from '../../src/backend.ts';
import { RecordingSink } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

const window = 60_000;
let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

/** Notes early data apart from the rest. */
class EarlySink extends RecordingSink {
  readonly early: Uint8Array[] = [];
  earlyData(batch: Uint8Array): void {
    this.early.push(batch);
  }
}

it('§8.3 a first flight is never taken twice, however far apart within what the clocks may differ', () => {
  let now = Date.now();
  let ahead = 0;
  const backend = createBackend();
  const server = backend.createServerContext({ ...pair.server, maxEarlyData: 1000, clock: () => now });
  const client = backend.createClientContext({ ...pair.client, clock: () => now + ahead });

  /** What the client sends first, and the session that it is given. */
  const flight = (session: TlsSession | undefined) => {
    const sink = new RecordingSink();
    const engine = client.createEngine({ serverName: 'localhost', ...(session && { session, earlyData: true }) }, sink);
    engine.start();
    if (session !== undefined) engine.send(Buffer.from('pay'));
    return { engine, sink, bytes: Buffer.concat(sink.outgoing.splice(0)) };
  };
  const taken = (bytes: Uint8Array): string => {
    const sink = new EarlySink();
    const engine = server.createEngine(sink);
    engine.start();
    engine.receive(bytes);
    expect(sink.failure).toBeUndefined();
    engine.destroy();
    return Buffer.concat(sink.early).toString();
  };

  const first = flight(undefined);
  const sink = new RecordingSink();
  const engine = server.createEngine(sink);
  engine.start();
  engine.receive(first.bytes);
  first.engine.receive(Buffer.concat(sink.outgoing.splice(0)));
  engine.receive(Buffer.concat(first.sink.outgoing));
  first.engine.receive(Buffer.concat(sink.outgoing));
  const [session] = first.sink.sessions;

  // as far ahead as is tolerated, so that the flight stays fresh for twice the window
  ahead = window;
  const { bytes } = flight(session);
  expect(taken(bytes)).toBe('pay');
  for (const step of [0, 2 * window - 1, 1, 1]) {
    now += step;
    expect(taken(bytes)).toBe('');
  }
});

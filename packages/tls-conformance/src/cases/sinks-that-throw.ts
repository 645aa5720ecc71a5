import type { ProtocolVersion } from '@org/tls-core';
import { bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectOpen, only } from '../connections.ts';
import { expect } from '../expect.ts';
import { MemoryPair, text, type MemorySink } from '../memory-pair.ts';
import { uncaughtDuring } from '../uncaught.ts';

const events = ['ciphertext', 'plaintext', 'handshake', 'session', 'keyLog', 'closed'] as const;

/** An error that an application's own code throws belongs to the application, and is no failure of the connection. */
export const throwingSinkCases: readonly ConformanceCase[] = events.map((event) => ({
  id: `sink-throws/${event}`,
  title: `what a sink throws in ${event} comes out of the call or is an uncaught exception, and the connection goes on`,
  run: async (roles) => {
    for (const protocol of (['TLSv1.2', 'TLSv1.3'] as const).filter((each) => bothSpeak(each)(roles))) {
      for (const side of ['client', 'server'] as const) {
        let bug: Error | undefined;
        const uncaught = await uncaughtDuring(async () => {
          bug = await converse(roles, event, side, protocol);
        });
        expect(uncaught.filter((error) => error !== bug)).toEqual([]);
      }
    }
  },
}));

/** Sends data both ways. @returns what was thrown other than the sink's own error */
async function converse(
  roles: Roles,
  event: (typeof events)[number],
  side: 'client' | 'server',
  protocol: ProtocolVersion,
): Promise<Error | undefined> {
  const bug = new Error('a bug of the application');
  let hasThrown = false;
  let hasLogThrown = false;
  // What a key log that is a function throws is the application's as well.
  const keyLog = (role: 'client' | 'server') => (): void => {
    if (event !== 'keyLog' || role !== side || hasLogThrown) return;
    hasLogThrown = true;
    throw bug;
  };
  const pair = new MemoryPair(roles, {
    client: { ...only(protocol), keyLog: keyLog('client') },
    server: { keyLog: keyLog('server') },
    joinsBatches: true,
    catchesThrown: true,
    clientSends: text('request'),
    prepare: ({ clientSink, serverSink }) => {
      const sink = side === 'client' ? clientSink : serverSink;
      sink.answer = (told) => {
        if (told !== event || hasThrown) return;
        hasThrown = true;
        throw bug;
      };
    },
  });
  await pair.settle();
  await pair.pumpUntil(() => pair.serverSink.text === 'request');
  expectOpen(pair);
  // An error that is not caught at the call does not arrive in `thrown`, but in another way.
  call(pair, () => pair.server.send(text('answer')));
  await pair.pumpUntil(() => pair.clientSink.text === 'answer');
  if (event === 'closed') await close(pair, side);
  else await expectData(pair);
  expect(pair.thrown.filter((error) => error !== bug)).toEqual([]);
  if (event === 'keyLog') expect(hasLogThrown).toBe(hasThrown);
  return hasThrown ? bug : undefined;
}

async function close(pair: MemoryPair, side: 'client' | 'server'): Promise<void> {
  const [closing, told]: readonly [MemoryPair['client'], MemorySink] =
    side === 'client' ? [pair.server, pair.clientSink] : [pair.client, pair.serverSink];
  closing.close();
  await pair.pumpUntil(() => told.closedCount === 1);
  expect([pair.clientSink.failure, pair.serverSink.failure]).toEqual([undefined, undefined]);
}

function call(pair: MemoryPair, act: () => void): void {
  try {
    act();
  } catch (error) {
    pair.thrown.push(error);
  }
}

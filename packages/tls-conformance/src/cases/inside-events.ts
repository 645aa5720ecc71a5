import { TlsError, type ProtocolVersion, type TlsEngine, type TlsSession } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { MemoryPair, text, type MemorySink, type SinkEvent } from '../memory-pair.ts';
import { turn } from '../turn.ts';

type Side = 'client' | 'server';

/** The events in which an owner may act. `failed` has a case of its own, and no backend is made to warn here. */
const events = ['ciphertext', 'plaintext', 'earlyData', 'handshake', 'session', 'keyLog', 'closed'] as const;

/** One side of a connection that acts inside an event, and what became of that side. */
interface Trial {
  readonly pair: MemoryPair;
  readonly protocol: ProtocolVersion;
  readonly event: SinkEvent;
  readonly engine: TlsEngine;
  readonly sink: MemorySink;
  readonly peer: TlsEngine;
  readonly peerSink: MemorySink;
  /** What the call inside the event returned or threw; `undefined` where the event did not come. */
  readonly result: { readonly value?: unknown; readonly error?: unknown } | undefined;
  /** Whether the handshake was done when the event came. */
  readonly wasOpen: boolean;
}

interface Act {
  readonly name: string;
  readonly title: string;
  call(engine: TlsEngine, sink: MemorySink): unknown;
  expect(trial: Trial): Promise<void> | void;
}

const reason = new TlsError('ERR_TLS_TIMEOUT', 'the owner has enough');
/** The only codes by which a peer may learn that the other side has ended the connection. */
const endings = ['ERR_TLS_ALERT', 'ERR_TLS_TRUNCATED'];

const acts: readonly Act[] = [
  {
    name: 'send',
    title: 'what is sent inside of it arrives whole and once',
    call: (engine) => engine.send(text('inside')),
    expect: async ({ pair, sink, peerSink, result }) => {
      if (result?.error !== undefined) throw result.error as Error;
      const arrived = (): string => peerSink.earlyText + peerSink.text;
      await until(pair, () => arrived().includes('inside'));
      expect(arrived().split('inside')).toHaveLength(2);
      expect([sink.failure, peerSink.failure]).toEqual([undefined, undefined]);
    },
  },
  {
    name: 'close',
    title: 'close() inside of it ends the connection behind what was sent',
    call: (engine) => engine.close(),
    expect: async ({ pair, sink, peerSink }) => {
      await pair.pumpUntil(() => peerSink.closedCount > 0 || peerSink.failure !== undefined);
      if (sink.failure === undefined) expect(peerSink.failure).toBeUndefined();
      // Nothing was sent yet, so that the handshake is cancelled (RFC 8446 §6.1).
      else expect(sink.failure.code).toBe('ERR_TLS_ABORTED');
      if (peerSink.failure !== undefined) expectEnding(peerSink);
    },
  },
  {
    name: 'key-update',
    title: 'keys that are updated inside of it are those of the records behind it',
    call: (engine) => engine.requestKeyUpdate(),
    expect: async ({ pair, sink, peerSink, peer, engine, result, wasOpen, protocol }) => {
      const isMisuse = !wasOpen || protocol !== 'TLSv1.3';
      if (result?.error !== undefined) {
        expect([isMisuse, result.error]).toEqual([true, expect.objectContaining({ code: 'ERR_TLS_API_MISUSE' })]);
        return;
      }
      const [ours, theirs] = [sink.received.length, peerSink.received.length];
      ifOpen(peer, (to) => to.send(text('to')));
      ifOpen(engine, (to) => to.send(text('fro')));
      await until(pair, () => sink.received.length >= ours && peerSink.received.length >= theirs);
      expect([sink.failure, peerSink.failure]).toEqual([undefined, undefined]);
    },
  },
  {
    name: 'export',
    title: 'keying material that is exported inside of it is the peer’s',
    call: (engine) => engine.exportKeyingMaterial('EXPORTER-conformance', undefined, 32),
    expect: ({ peer, result, wasOpen, sink, peerSink }) => {
      expect([sink.failure, peerSink.failure]).toEqual([undefined, undefined]);
      if (result?.value === undefined) expect(wasOpen).toBe(false);
      else {
        const material = peer.exportKeyingMaterial('EXPORTER-conformance', undefined, 32);
        expect(new Uint8Array(result.value as Uint8Array)).toEqual(new Uint8Array(material));
      }
    },
  },
  {
    name: 'fail',
    title: 'fail() inside of it is the one failure, behind which nothing is told',
    call: (engine) => engine.fail(reason),
    expect: async ({ pair, sink, peerSink }) => {
      await until(pair, () => sink.failure !== undefined);
      expect(sink.failures).toEqual([reason]);
      expect(sink.calls.at(-1)).toBe('failed');
      pair.pump();
      if (peerSink.failure !== undefined) expectEnding(peerSink);
    },
  },
  {
    name: 'destroy',
    title: 'destroy() inside of it silences the engine',
    call: (engine, sink) => {
      sink.isDestroyed = true;
      engine.destroy();
    },
    expect: ({ sink, event }) => {
      expect(sink.calls.at(-1)).toBe(event);
      expect(sink.failures).toEqual([]);
    },
  },
];

/** What an owner does inside an event is queued behind what was there before (RFC 8446 §5.3). */
export const insideEventCases: readonly ConformanceCase[] = [
  ...acts.flatMap((act) =>
    events.map((event): ConformanceCase => ({
      id: `inside/${event}-${act.name}`,
      title: `in the event ${event}: ${act.title}`,
      applies: (roles) => event !== 'earlyData' || takesEarlyData(roles),
      run: async (roles) => {
        for (const protocol of (['TLSv1.2', 'TLSv1.3'] as const).filter((each) => bothSpeak(each)(roles))) {
          for (const side of ['client', 'server'] as const) {
            for (const joinsBatches of [false, true]) {
              const trial = await attempt(roles, act, { event, side, protocol, joinsBatches });
              if (trial.result !== undefined) await act.expect(trial);
            }
          }
        }
      },
    })),
  ),
  {
    id: 'inside/every-event',
    title: 'a sink that answers inside every event, and is answered likewise, breaks nothing',
    run: async (roles) => {
      for (const protocol of (['TLSv1.2', 'TLSv1.3'] as const).filter((each) => bothSpeak(each)(roles))) {
        const peers = new Peers(roles, { client: { ...only(protocol), keyLog: keyLogOf(roles) } });
        const pair = new MemoryPair(roles, { joinsBatches: true, prepare: (made) => answerAll(made) }, peers.contexts);
        await until(pair, () => pair.clientSink.received.length >= 20 && pair.serverSink.received.length >= 20);
        expect([pair.clientSink.failure, pair.serverSink.failure]).toEqual([undefined, undefined]);
      }
    },
  },
  {
    id: 'inside/not-nested',
    title: 'no event comes inside another one',
    run: async (roles) => {
      let depth = 0;
      let deepest = 0;
      const pair = new MemoryPair(roles, {
        joinsBatches: true,
        prepare: (made) => {
          for (const [sink, engine] of sides(made)) {
            sink.answer = () => {
              depth += 1;
              deepest = Math.max(deepest, depth);
              if (sink.info !== undefined && sink.calls.length < 20) engine.send(text('again'));
              depth -= 1;
            };
          }
        },
      });
      await pair.settle();
      await until(pair, () => false, 3);
      expect(deepest).toBe(1);
    },
  },
];

interface Setting {
  readonly event: SinkEvent;
  readonly side: Side;
  readonly protocol: ProtocolVersion;
  readonly joinsBatches: boolean;
}

/** Runs a connection that has every event, and makes the call in the first event of the given kind. */
async function attempt(roles: Roles, act: Act, { event, side, protocol, joinsBatches }: Setting): Promise<Trial> {
  const isEarly = protocol === 'TLSv1.3' && takesEarlyData(roles);
  const peers = new Peers(roles, {
    client: { ...only(protocol), keyLog: keyLogOf(roles) },
    server: { ...(isEarly && { maxEarlyData: 1000 }), keyLog: keyLogOf(roles) },
  });
  const session: TlsSession | undefined = isEarly && event === 'earlyData' ? await peers.session() : undefined;
  let result: Trial['result'];
  let wasOpen = false;
  const pair = new MemoryPair(
    roles,
    {
      joinsBatches,
      ...(session !== undefined && { session, earlyData: true }),
      takesEarlyData: session !== undefined,
      prepare: (made) => {
        const [sink, engine] = sideOf(made, side);
        sink.answer = (told) => {
          if (told !== event || result !== undefined) return;
          wasOpen = sink.info !== undefined;
          result = {};
          try {
            result = { value: act.call(engine, sink) };
          } catch (error) {
            result = { error };
          }
        };
      },
      ...(side === 'server' && { clientSends: text('request') }),
    },
    peers.contexts,
  );
  await converse(pair, protocol, event);
  const [sink, engine] = sideOf(pair, side);
  const [peerSink, peer] = sideOf(pair, side === 'client' ? 'server' : 'client');
  return { pair, protocol, event, engine, sink, peer, peerSink, result, wasOpen };
}

/** Sends data both ways, whatever the acting side does meanwhile. */
async function converse(pair: MemoryPair, protocol: ProtocolVersion, event: SinkEvent): Promise<void> {
  const { client, server, clientSink, serverSink } = pair;
  const isOpen = (): boolean => clientSink.info !== undefined && serverSink.info !== undefined;
  await until(pair, isOpen);
  if (isOpen() && protocol === 'TLSv1.3') ifOpen(client, (engine) => engine.requestKeyUpdate());
  ifOpen(client, (engine) => engine.send(text('question')));
  await until(pair, () => serverSink.text.includes('question'));
  if (isOpen() && protocol === 'TLSv1.3') ifOpen(server, (engine) => engine.requestKeyUpdate());
  ifOpen(server, (engine) => engine.send(text('answer')));
  await until(pair, () => clientSink.text.includes('answer'));
  if (event !== 'closed') return;
  // The side that is told of the end has not closed yet.
  const isClient = clientSink.answer !== undefined;
  ifOpen(isClient ? server : client, (engine) => engine.close());
  await until(pair, () => (isClient ? clientSink : serverSink).closedCount > 0);
}

/** Pumps until it holds or one side is over. `rounds` is how often both sides are woken where perhaps nothing happens. */
async function until(pair: MemoryPair, holds: () => boolean, rounds = 0): Promise<void> {
  const isOver = (): boolean => pair.clientSink.isOver || pair.serverSink.isOver;
  if (rounds === 0) await pair.pumpUntil(() => holds() || isOver() || isClosing(pair));
  for (let round = 0; round < rounds; round += 1) {
    pair.pump();
    await turn();
  }
  pair.pump();
}

/** Tells whether a side closed inside an event: it then sends nothing for which one could wait. */
function isClosing({ clientSink, serverSink }: MemoryPair): boolean {
  return clientSink.closedCount + serverSink.closedCount > 0;
}

/** Acts like an owner that does not know that its side may have ended. */
function ifOpen(engine: TlsEngine, act: (engine: TlsEngine) => void): void {
  try {
    act(engine);
  } catch (error) {
    expect(error).toBeInstanceOf(TlsError);
  }
}

function expectEnding({ failure }: MemorySink): void {
  expect(endings).toContain(failure?.code);
}

function answerAll(pair: MemoryPair): void {
  for (const [sink, engine] of sides(pair)) {
    let left = 20;
    sink.answer = () => {
      left -= 1;
      if (left >= 0) engine.send(Uint8Array.of(left));
    };
  }
}

function sides(pair: MemoryPair): readonly (readonly [MemorySink, TlsEngine])[] {
  return [sideOf(pair, 'client'), sideOf(pair, 'server')];
}

function sideOf(pair: MemoryPair, side: Side): readonly [MemorySink, TlsEngine] {
  return side === 'client' ? [pair.clientSink, pair.client] : [pair.serverSink, pair.server];
}

function takesEarlyData(roles: Roles): boolean {
  return bothSpeak('TLSv1.3')(roles) && bothHave('earlyData')(roles) && bothHave('resumption')(roles);
}

function keyLogOf(roles: Roles): boolean {
  return roles.client.capabilities.client.options.includes('keyLog');
}

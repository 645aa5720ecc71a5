import { isTlsError, TlsError, type ProtocolVersion, type TlsEngine } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles, signsWithEcdsa } from '../conformance-case.ts';
import { expectData, expectOpen, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { hookPlaces, type Ask, type HookPlace } from '../hook-places.ts';
import { MemoryPair, text, type ConnectionOptions, type MemorySink } from '../memory-pair.ts';
import { turn } from '../turn.ts';

/** What became of a connection in which a hook misbehaved. */
type Outcome = 'open' | 'failed' | 'silent';

/** The side whose hook is asked. */
interface Self {
  readonly engine: TlsEngine;
  readonly sink: MemorySink;
  readonly peerSink: MemorySink;
  /** How many events the sink had been told when the engine was destroyed. */
  toldBefore?: number;
}

/** How a hook behaves. */
interface Way {
  readonly name: string;
  readonly title: string;
  /** What the hook does instead of giving the right answer. */
  act(right: () => unknown, place: HookPlace, self: Self): unknown;
  outcome(place: HookPlace): Outcome;
  /** The code of the failure. Default: the code that the place has for a hook that fails. */
  readonly code?: string;
  /** Whether the hook answers rightly, or does more than it has to: nobody is warned then. */
  readonly isRight?: boolean;
  applies?(place: HookPlace): boolean;
}

const reason = new Error('the hook has failed');
const timeout = new TlsError('ERR_TLS_TIMEOUT', 'a hook has taken too long');

function failing({ failure }: HookPlace): Outcome {
  return failure === 'survived' ? 'open' : 'failed';
}

const isLater = ({ when }: HookPlace): boolean => when !== 'now';

const ways: readonly Way[] = [
  {
    name: 'throws',
    title: 'throws',
    outcome: failing,
    act: () => {
      throw reason;
    },
  },
  { name: 'rejects', title: 'rejects', outcome: failing, act: () => Promise.reject(reason) },
  { name: 'returns-error', title: 'returns an Error', outcome: failing, act: () => new Error('returned') },
  {
    name: 'gives-error',
    title: 'gives an Error by a Promise',
    outcome: failing,
    act: () => Promise.resolve(new Error('given')),
    applies: isLater,
  },
  {
    name: 'gives-garbage',
    title: 'gives what it does not owe',
    outcome: failing,
    act: (_, { garbage }) => garbage,
    code: 'ERR_TLS_HOOK',
    applies: ({ garbage }) => garbage !== undefined,
  },
  {
    name: 'gives-garbage-later',
    title: 'gives what it does not owe by a Promise',
    outcome: failing,
    act: (_, { garbage }) => Promise.resolve(garbage),
    code: 'ERR_TLS_HOOK',
    applies: (place) => isLater(place) && place.garbage !== undefined,
  },
  {
    name: 'gives-promise',
    title: 'gives a Promise of the right answer where it has to answer at once',
    outcome: failing,
    act: (right) => Promise.resolve(right()),
    code: 'ERR_TLS_HOOK',
    applies: (place) => !isLater(place),
  },
  {
    name: 'gives-thenable',
    title: 'gives a thenable that calls back at once, again, and throws: the first answer counts',
    outcome: () => 'open',
    isRight: true,
    act: (right) => thenable(right()),
    applies: isLater,
  },
  {
    name: 'sends',
    title: 'sends and receives on its own connection: what it sends arrives once, behind the handshake',
    outcome: () => 'open',
    isRight: true,
    act: (right, _, { engine }) => {
      engine.send(text('.'));
      engine.receive(new Uint8Array(0));
      return right();
    },
  },
  {
    name: 'fails-the-engine',
    title: 'ends its own connection for a reason, which is the failure',
    outcome: () => 'failed',
    isRight: true,
    code: 'ERR_TLS_TIMEOUT',
    act: (right, _, { engine, sink }) => {
      if (sink.failure === undefined) engine.fail(timeout);
      return right();
    },
  },
  {
    name: 'destroys',
    title: 'destroys its own engine: nothing more reaches the sink',
    outcome: () => 'silent',
    isRight: true,
    act: (right, _, self) => {
      destroy(self);
      return right();
    },
  },
  ...(['settles', 'rejects', 'hangs'] as const).map((then): Way => ({
    name: `destroyed-then-${then}`,
    title: `is pending when its engine is destroyed, and then ${then}: nothing more reaches the sink`,
    outcome: () => 'silent',
    isRight: true,
    applies: isLater,
    act: (right, _, self) =>
      new Promise((resolve, reject) => {
        queueMicrotask(() => {
          destroy(self);
          if (then === 'settles') resolve(right());
          if (then === 'rejects') reject(reason);
        });
      }),
  })),
];

function destroy(self: Self): void {
  self.engine.destroy();
  self.sink.isDestroyed = true;
  self.toldBefore = self.sink.calls.length;
}

function thenable(answer: unknown): object {
  const then = (resolve: (value: unknown) => void): never => {
    resolve(answer);
    resolve('another');
    throw reason;
  };
  // oxlint-disable-next-line unicorn/no-thenable -- what comes of one is tested
  return Object.defineProperty({}, 'then', { value: then });
}

/** Each hook in each place, with each way to misbehave. */
export const hookMatrixCases: readonly ConformanceCase[] = Object.entries(hookPlaces).flatMap(([name, places]) =>
  places.flatMap((place) =>
    ways
      .filter((way) => way.applies?.(place) ?? true)
      .map((way): ConformanceCase => ({
        id: `hook-matrix/${place.role}-${name}${place.resumes === true ? '-resumed' : ''}-${way.name}`,
        title: `the ${place.role}’s ${name} ${way.title}`,
        applies: (roles) => applies(roles, place),
        run: async (roles) => {
          for (const protocol of protocolsOf(roles, place)) await runTrial(roles, place, way, protocol);
        },
      })),
  ),
);

function applies(roles: Roles, place: HookPlace): boolean {
  const { role, option, feature, needsEcdsa } = place;
  return (
    bothHave('asyncHooks')(roles) &&
    (feature === undefined || bothHave(feature)(roles)) &&
    (needsEcdsa === undefined || signsWithEcdsa(roles)) &&
    roles[role].capabilities[role].options.includes(option) &&
    protocolsOf(roles, place).length > 0
  );
}

function protocolsOf(roles: Roles, { protocols = ['TLSv1.2', 'TLSv1.3'] }: HookPlace): readonly ProtocolVersion[] {
  return protocols.filter((protocol) => bothSpeak(protocol)(roles));
}

/** A connection in which one hook misbehaves. */
interface Trial {
  readonly place: HookPlace;
  readonly way: Way;
  readonly pair: MemoryPair;
  readonly self: Self;
  readonly asked: () => number;
}

async function runTrial(roles: Roles, place: HookPlace, way: Way, protocol: ProtocolVersion): Promise<void> {
  let self: Self | undefined;
  let asked = 0;
  const ask: Ask = (right) => {
    // In the connection that makes the session all hooks behave.
    if (self === undefined) return right() as never;
    asked += 1;
    return way.act(right, place, self) as never;
  };
  const { client, server } = place.configure(ask, roles);
  const { certificate } = place;
  const peers = new Peers(roles, {
    client: { ...client, ...only(protocol) },
    ...(server && { server }),
    ...(certificate && { certificate }),
  });
  const connection = { ...place.connection, ...(await resumption(peers, place)) };
  const prepare = (made: MemoryPair): void => {
    self = sideOf(made, place);
  };
  const pair = new MemoryPair(roles, { ...connection, prepare }, peers.contexts);
  await ends[way.outcome(place)]({ place, way, pair, self: self ?? sideOf(pair, place), asked: () => asked });
  // An error that nobody caught would come now, and the test runner would report it.
  await turn();
  expect(asked).toBeGreaterThan(0);
  for (const sink of [pair.clientSink, pair.serverSink]) expectOrder(sink);
}

async function resumption(peers: Peers, { resumes, connection }: HookPlace): Promise<ConnectionOptions> {
  if (resumes === undefined) return {};
  const session = await peers.session(connection);
  return resumes === 'early' ? { session, earlyData: true, clientSends: text('early') } : { session };
}

function sideOf({ client, server, clientSink, serverSink }: MemoryPair, { role }: HookPlace): Self {
  return role === 'client'
    ? { engine: client, sink: clientSink, peerSink: serverSink }
    : { engine: server, sink: serverSink, peerSink: clientSink };
}

/** How each outcome is reached, and what it looks like. */
const ends: Readonly<Record<Outcome, (trial: Trial) => Promise<void>>> = {
  open: async ({ place, way, pair, self, asked }) => {
    await pumpUntil(pair, () => isSettled(pair.clientSink) && isSettled(pair.serverSink) && asked() > 0);
    expectOpen(pair);
    const warnings = place.failure === 'survived' && way.isRight !== true ? 1 : 0;
    await pumpUntil(pair, () => self.sink.warnings.length >= warnings);
    if (place.resumes === 'early') await pumpUntil(pair, () => pair.serverSink.text.includes('early'));
    if (way.name === 'sends') await pumpUntil(pair, () => self.peerSink.text.length >= asked());
    await expectData(pair);
    expect(self.sink.warnings).toHaveLength(warnings);
    for (const warning of self.sink.warnings) expect(warning).toMatchObject({ name: 'TlsError', code: 'ERR_TLS_HOOK' });
    expect(self.peerSink.warnings).toHaveLength(0);
    if (way.name === 'sends') expect(self.peerSink.text.split('.')).toHaveLength(asked() + 1);
  },
  failed: async ({ place, way, pair, self }) => {
    const { engine, sink, peerSink } = self;
    await pumpUntil(pair, () => sink.failure !== undefined);
    expect(sink.failure?.code).toBe(way.code ?? place.failure ?? 'ERR_TLS_HOOK');
    // A connection that fails because of a hook was never open.
    if (way.isRight !== true) expect(sink.info).toBeUndefined();
    for (const call of [() => engine.send(text('more')), () => engine.receive(text('more')), () => engine.close()])
      expect(call).toThrow(sink.failure);
    pair.pump();
    for (const { code } of peerSink.failures) expect(peerCodes).toContain(code);
  },
  silent: async ({ pair, self }) => {
    await pumpUntil(pair, () => self.sink.isDestroyed);
    await turn();
    pair.pump();
    expect(self.sink.calls).toHaveLength(self.toldBefore ?? -1);
    expect(self.sink.failure).toBeUndefined();
  },
};

/** The codes with which a peer reports an alert. OpenSSL's server has another code for one that comes in place of a ClientHello. */
const peerCodes: readonly string[] = ['ERR_TLS_ALERT', 'ERR_TLS_UNEXPECTED_MESSAGE'];

function isSettled({ info, failure }: MemorySink): boolean {
  return info !== undefined || failure !== undefined;
}

/** Pumps as the pair's own method does, but until something holds that comes about without a call to a sink. */
async function pumpUntil(pair: MemoryPair, holds: () => boolean): Promise<void> {
  for (;;) {
    pair.pump();
    if (holds()) return;
    await turn();
  }
}

/**
 * Expects what holds however a connection ends: there is at most one failure, nothing comes after it, and no data comes before
 * the peer is known.
 */
function expectOrder({ calls, failures, infos }: MemorySink): void {
  for (const failure of failures) expect(isTlsError(failure)).toBe(true);
  expect(failures.length).toBeLessThanOrEqual(1);
  expect(infos.length).toBeLessThanOrEqual(1);
  if (failures.length > 0) expect(calls.at(-1)).toBe('failed');
  const data = calls.indexOf('plaintext');
  if (data !== -1) expect(calls.slice(0, data)).toContain('handshake');
}

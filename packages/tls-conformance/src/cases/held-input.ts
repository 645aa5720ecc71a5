import type { ClientConfig, ServerConfig } from '@org/tls-core';
import { maxHeldInput } from '@org/tls-core/backend';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { identityOf, isSame, join, MemoryPair, pattern } from '../memory-pair.ts';
import { turn } from '../turn.ts';

type Side = 'client' | 'server';
type Hook = () => Promise<never>;

interface PausingHook {
  readonly name: string;
  readonly side: Side;
  readonly configure: (hook: Hook) => { readonly client?: ClientConfig; readonly server?: Partial<ServerConfig> };
}

/** Hooks that are asked at different times: before anything was sent, after the peer's first bytes, and after its proof. */
const pausingHooks: readonly PausingHook[] = [
  {
    name: 'sessionStore',
    side: 'client',
    configure: (hook) => ({ client: { sessionStore: { take: hook, put: () => undefined } } }),
  },
  { name: 'verifyPeer', side: 'client', configure: (hook) => ({ client: { verifyPeer: hook } }) },
  { name: 'selectIdentity', side: 'server', configure: (hook) => ({ server: { selectIdentity: hook } }) },
  { name: 'selectContext', side: 'server', configure: (hook) => ({ server: { selectContext: hook } }) },
];

const chunk = new Uint8Array(2 ** 16).fill(0x17);
const protocols = ['TLSv1.2', 'TLSv1.3'] as const;

/** An engine holds what it cannot use yet, up to `maxHeldInput`, and its owner can stop reading. */
export const heldInputCases: readonly ConformanceCase[] = [
  ...pausingHooks.map((hook): ConformanceCase => ({
    id: `held/flood-while-paused-${hook.name}`,
    title: `a peer that floods while ${hook.name} is pending is ERR_TLS_LIMIT at maxHeldInput`,
    applies: (roles) => has(roles, hook),
    run: async (roles) => {
      for (const size of [2 ** 16, 1000]) {
        const { pair, asked } = paused(roles, hook);
        await pair.pumpUntil(asked.isDone, undefined, asked.done);
        const [engine, sink] = hook.side === 'client' ? [pair.client, pair.clientSink] : [pair.server, pair.serverSink];
        expect(engine.isInputHeld).toBe(true);
        for (let held = size; held <= maxHeldInput; held += size) {
          engine.receive(chunk.subarray(0, size));
          // What came together with the message that the hook is about is held as well.
          if (held + 2 ** 14 < maxHeldInput) expect([sink.failure, engine.isInputHeld]).toEqual([undefined, true]);
        }
        if (sink.failure === undefined) engine.receive(chunk);
        expect(await sink.untilFailed()).toMatchObject({ code: 'ERR_TLS_LIMIT', alert: 10, direction: 'sent' });
        expect(sink.failures).toHaveLength(1);
        expect(() => engine.receive(chunk)).toThrow(sink.failure);
      }
    },
  })),
  {
    id: 'held/resumed',
    title: 'an owner that stops while input is held loses nothing, and is told when to go on',
    applies: (roles) => bothHave('asyncHooks')(roles) && bothHave('clientAuthentication')(roles),
    run: async (roles) => {
      for (const protocol of protocols.filter((each) => bothSpeak(each)(roles))) {
        let asked = 0;
        const verifyPeer = (): Promise<void> => {
          asked += 1;
          return turn();
        };
        const sent = pattern(4 * maxHeldInput);
        const pair = new MemoryPair(roles, {
          client: { ...only(protocol), verifyPeer, identity: identityOf('wrongPurpose') },
          server: { verifyPeer, clientAuthentication: 'require', clientTrust: rootPem },
          clientSends: sent,
          stopsWhileHeld: true,
        });
        await pair.pumpUntil(() => pair.serverSink.received.length >= sent.length, cut);
        expect(isSame(pair.serverSink.received, sent)).toBe(true);
        expect(asked).toBe(2);
        for (const sink of [pair.clientSink, pair.serverSink]) expect(sink.resumedCount).toBeGreaterThan(0);
        expect([pair.client.isInputHeld, pair.server.isInputHeld]).toEqual([false, false]);
        await expectData(pair);
      }
    },
  },
  {
    id: 'held/never-without-pause',
    title: 'input is not held where nothing is pending',
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      await pair.settle();
      await expectData(pair);
      expect([pair.client.isInputHeld, pair.server.isInputHeld]).toEqual([false, false]);
    },
  },
  {
    id: 'held/early-data',
    title: 'early data that nobody takes early is rejected when its session allows more than may be held',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && bothHave('earlyData')(roles),
    run: async (roles) => {
      for (const [maxEarlyData, takesEarlyData, earlyData] of [
        [maxHeldInput, false, 'accepted'],
        [maxHeldInput + 1, false, 'rejected'],
        [maxHeldInput + 1, true, 'accepted'],
      ] as const) {
        const peers = new Peers(roles, { client: only('TLSv1.3'), server: { maxEarlyData } });
        const session = await peers.session();
        const sent = pattern(maxHeldInput);
        const pair = new MemoryPair(
          roles,
          { session, earlyData: true, takesEarlyData, clientSends: sent, stopsWhileHeld: true },
          peers.contexts,
        );
        const { serverSink } = pair;
        await pair.pumpUntil(
          () => serverSink.received.length + join(serverSink.earlyDatas).length >= sent.length || serverSink.isOver,
        );
        await pair.settle();
        expectInfo(pair, { resumed: true, earlyData });
        if (!takesEarlyData) expect(isSame(serverSink.received, sent)).toBe(true);
        await expectData(pair);
      }
    },
  },
];

function has(roles: Roles, { name, side }: PausingHook): boolean {
  return bothHave('asyncHooks')(roles) && roles[side].capabilities[side].options.includes(name);
}

interface Asked {
  readonly done: Promise<void>;
  readonly isDone: () => boolean;
}

/** Makes a connection whose hook never answers. */
function paused(roles: Roles, { configure }: PausingHook): { readonly pair: MemoryPair; readonly asked: Asked } {
  let isAsked = false;
  let ask: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const pair = new MemoryPair(
    roles,
    configure(() => {
      isAsked = true;
      ask();
      return new Promise(() => undefined);
    }),
  );
  return { pair, asked: { done, isDone: () => isAsked } };
}

/** Cuts a batch into pieces of the size that a socket reads at once. */
function cut(batch: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < batch.length; at += 2 ** 16) pieces.push(batch.subarray(at, at + 2 ** 16));
  return pieces;
}

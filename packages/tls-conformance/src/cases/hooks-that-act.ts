import { TlsError, type ClientConfig, type ServerConfig, type TlsEngine } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, only } from '../connections.ts';
import { expect } from '../expect.ts';
import { identityOf, MemoryPair, text, type MemorySink } from '../memory-pair.ts';
import { turn } from '../turn.ts';

type Side = 'client' | 'server';

/** A hook of a handshake, and an answer that lets it go on. */
interface HookOfHandshake {
  readonly name: string;
  readonly side: Side;
  readonly configure: (act: () => undefined) => {
    readonly client?: ClientConfig;
    readonly server?: Partial<ServerConfig>;
  };
}

const key = { name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(1) };

const hooks: readonly HookOfHandshake[] = [
  { name: 'verifyPeer', side: 'client', configure: (act) => ({ client: { verifyPeer: act } }) },
  {
    name: 'sessionStore',
    side: 'client',
    configure: (act) => ({ client: { sessionStore: { take: act, put: () => undefined } } }),
  },
  {
    name: 'selectIdentity',
    side: 'server',
    configure: (act) => ({
      server: {
        selectIdentity: () => {
          act();
          return identityOf('ecdsa-p256');
        },
      },
    }),
  },
  {
    name: 'ticketKeys',
    side: 'server',
    configure: (act) => ({
      server: {
        ticketKeys: {
          current: () => {
            act();
            return [key];
          },
        },
      },
    }),
  },
];

const reason = new TlsError('ERR_TLS_ABORTED', 'the hook has enough');

interface ActOfHook {
  readonly name: string;
  readonly title: string;
  act(engine: TlsEngine, sink: MemorySink): void;
  expect(pair: MemoryPair, sink: MemorySink, peerSink: MemorySink): Promise<void>;
}

const acts: readonly ActOfHook[] = [
  {
    name: 'destroys',
    title: 'destroys its engine silences it',
    act: (engine, sink) => {
      sink.isDestroyed = true;
      engine.destroy();
    },
    expect: async (pair, sink) => {
      const told = sink.calls.length;
      await turns(pair);
      expect(sink.calls).toHaveLength(told);
      expect([sink.info, sink.failure]).toEqual([undefined, undefined]);
    },
  },
  {
    name: 'fails',
    title: 'fails its engine ends the handshake with that reason',
    act: (engine) => engine.fail(reason),
    expect: failedWithReason,
  },
  {
    name: 'fails-and-throws',
    title: 'fails its engine and then throws ends the handshake with the first reason',
    act: (engine) => {
      engine.fail(reason);
      throw new Error('another reason');
    },
    expect: failedWithReason,
  },
  {
    name: 'closes',
    title: 'closes its engine cancels the handshake, or closes it when it is done',
    act: (engine) => engine.close(),
    expect: async (pair, sink, peerSink) => {
      await pair.pumpUntil(() => peerSink.closedCount > 0 || peerSink.failure !== undefined);
      if (sink.failure === undefined) expect(peerSink.closedCount).toBe(1);
      else {
        expect([sink.failure.code, sink.info]).toEqual(['ERR_TLS_ABORTED', undefined]);
        expect(['ERR_TLS_ALERT', undefined]).toContain(peerSink.failure?.code);
      }
    },
  },
  {
    name: 'sends',
    title: 'sends sends behind the handshake',
    act: (engine) => engine.send(text('sent by a hook')),
    expect: async (pair, _, peerSink) => {
      await pair.pumpUntil(() => peerSink.text === 'sent by a hook');
      await expectData(pair);
    },
  },
];

/** When a hook calls the engine that asks it, the outcome is one of those that are defined. */
export const hookActCases: readonly ConformanceCase[] = hooks.flatMap((hook) =>
  acts.map((each): ConformanceCase => ({
    id: `hook-acts/${hook.name}-${each.name}`,
    title: `${hook.name} that ${each.title}`,
    applies: (roles) =>
      roles[hook.side].capabilities[hook.side].options.includes(hook.name) && bothHave('resumption')(roles),
    run: async (roles) => {
      for (const protocol of (['TLSv1.2', 'TLSv1.3'] as const).filter((one) => bothSpeak(one)(roles))) {
        let hasActed = false;
        let wake: () => void = () => undefined;
        const acted = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const pair = pairOf(roles, hook, protocol, ([engine, sink]) => {
          if (hasActed) return;
          hasActed = true;
          wake();
          each.act(engine, sink);
        });
        await pair.pumpUntil(() => hasActed, undefined, acted);
        const sinks = [pair.clientSink, pair.serverSink] as const;
        const [sink, peerSink] = hook.side === 'client' ? sinks : [sinks[1], sinks[0]];
        await each.expect(pair, sink, peerSink);
      }
    },
  })),
);

function pairOf(
  roles: Roles,
  { side, configure }: HookOfHandshake,
  protocol: 'TLSv1.2' | 'TLSv1.3',
  act: (own: readonly [TlsEngine, MemorySink]) => void,
): MemoryPair {
  // The hook may be asked before the pair is made.
  let own: readonly [TlsEngine, MemorySink] | undefined;
  const { client, server } = configure(() => {
    if (own !== undefined) act(own);
    return undefined;
  });
  return new MemoryPair(roles, {
    client: { ...only(protocol), ...client },
    ...(server !== undefined && { server }),
    prepare: (pair) => {
      own = side === 'client' ? [pair.client, pair.clientSink] : [pair.server, pair.serverSink];
    },
  });
}

async function failedWithReason(pair: MemoryPair, sink: MemorySink): Promise<void> {
  await pair.pumpUntil(() => sink.failure !== undefined);
  await turns(pair);
  expect([sink.failures, sink.info]).toEqual([[reason], undefined]);
  expect(sink.calls.at(-1)).toBe('failed');
}

/** Waits until an engine has done all that it would still do by itself. */
async function turns(pair: MemoryPair): Promise<void> {
  for (let count = 0; count < 5; count += 1) {
    pair.pump();
    await turn();
  }
}

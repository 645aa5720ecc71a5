import { isTlsError, type EarlyDataReason, type ServerConfig, type TlsEngine, type TlsSession } from '@org/tls-core';
import { bothHave, bothSpeak, common, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { expectRefused } from '../misbehaviour.ts';
import { refusals } from '../refusals.ts';
import { byteByByte, join, MemoryPair, MemorySink, text, type ConnectionOptions } from '../memory-pair.ts';

const applies = (roles: Roles): boolean => bothSpeak('TLSv1.3')(roles) && bothHave('earlyData')(roles);
const ticketKeys = {
  current: () => [{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(1) }],
};

/** Makes a server that accepts early data, and a client that may send some. */
function earlyPeers(roles: Roles, server: Partial<ServerConfig> = {}): Peers {
  return new Peers(roles, { client: only('TLSv1.3'), server: { maxEarlyData: 16_384, ticketKeys, ...server } });
}

function early(session: TlsSession, value: string, more: ConnectionOptions = {}): ConnectionOptions {
  return { session, earlyData: true, takesEarlyData: true, clientSends: text(value), ...more };
}

const eitherWay = [true, 'once'] as const;

/** How a server comes to reject early data, and with which values of the client's `earlyData` that is tried. */
type RejectedRow = readonly [
  name: string,
  reason: EarlyDataReason,
  what: string,
  server: Partial<ServerConfig>,
  modes: readonly (true | 'once')[],
];

/** Early data (RFC 8446 §2.3, §4.2.10, §8). */
export const earlyDataCases: readonly ConformanceCase[] = [
  {
    id: 'early-data/accepted',
    title: '§2.3 early data reaches the server before the handshake is done, and is named so',
    applies,
    run: async (roles) => {
      for (const wire of [undefined, byteByByte]) {
        const peers = earlyPeers(roles);
        const session = await peers.session();
        expect(session.maxEarlyData).toBe(16_384);
        const pair = await peers.open(early(session, 'early'), wire);
        expectInfo(pair, { resumed: true, earlyData: 'accepted' });
        for (const { info } of [pair.clientSink, pair.serverSink])
          expect(['accepted', undefined]).toContain(info?.earlyDataReason);
        expect(pair.serverSink.earlyText).toBe('early');
        expect(pair.serverSink.calls.indexOf('earlyData')).toBeLessThan(pair.serverSink.calls.indexOf('handshake'));
        expect(pair.serverSink.plaintexts).toEqual([]);
        await expectData(pair);
      }
    },
  },
  {
    id: 'early-data/answered-at-once',
    title: 'a server can answer early data before the client’s handshake is done',
    applies,
    run: async (roles) => {
      const peers = earlyPeers(roles);
      const pair = new MemoryPair(roles, early(await peers.session(), 'question'), peers.contexts);
      const toClient: Uint8Array[] = [];
      // Nothing comes back to the client for now.
      await pair.pumpUntil(
        () => pair.serverSink.earlyText === 'question',
        (batch, from) => {
          if (from === 'client') return [batch];
          toClient.push(batch);
          return [];
        },
      );
      expect(pair.serverSink.info).toBeUndefined();
      pair.server.send(text('answer'));
      toClient.push(...pair.serverSink.outgoing.splice(0));
      pair.client.receive(join(toClient));
      while (pair.clientSink.text !== 'answer') await pair.clientSink.activity();
      expect(pair.serverSink.info).toBeUndefined();
      await pair.settle();
      expectInfo(pair, { earlyData: 'accepted' });
      await expectData(pair);
    },
  },
  {
    id: 'early-data/sink-without',
    title: 'without `earlyData` on the sink, early data comes as plaintext once the handshake is done',
    applies,
    run: async (roles) => {
      const peers = earlyPeers(roles);
      const pair = await peers.open(early(await peers.session(), 'early', { takesEarlyData: false }));
      pair.client.send(text(' and late'));
      await pair.pumpUntil(() => pair.serverSink.text === 'early and late');
      expectInfo(pair, { earlyData: 'accepted' });
      expect(pair.serverSink.calls.indexOf('handshake')).toBeLessThan(pair.serverSink.calls.indexOf('plaintext'));
    },
  },
  {
    id: 'early-data/not-asked-for',
    title: 'nothing is sent early that was not meant to be',
    applies,
    run: async (roles) => {
      const peers = earlyPeers(roles);
      const pair = await peers.open({
        session: await peers.session(),
        takesEarlyData: true,
        clientSends: text('late'),
      });
      await pair.pumpUntil(() => pair.serverSink.text === 'late');
      expectInfo(pair, { resumed: true, earlyData: 'none' });
      expect(pair.serverSink.earlyDatas).toEqual([]);
    },
  },
  {
    id: 'early-data/no-session',
    title: 'without a session, or with one that allows none, data waits for the handshake',
    applies,
    run: async (roles) => {
      const none = earlyPeers(roles, { maxEarlyData: 0 });
      const session = await none.session();
      expect(session.maxEarlyData).toBe(0);
      const options = { earlyData: true, takesEarlyData: true, clientSends: text('late') };
      for (const pair of [await none.open({ ...options, session }), await earlyPeers(roles).open(options)]) {
        await pair.pumpUntil(() => pair.serverSink.text === 'late');
        expectInfo(pair, { earlyData: 'none' });
        expect(pair.serverSink.earlyDatas).toEqual([]);
      }
    },
  },
  {
    id: 'early-data/limit',
    title: '§4.2.10 no more is sent early than the session allows, and the rest follows',
    applies,
    run: async (roles) => {
      const peers = earlyPeers(roles, { maxEarlyData: 10 });
      const pair = await peers.open(early(await peers.session(), 'the first ten bytes are early'));
      await pair.pumpUntil(() => pair.serverSink.text.length >= 19);
      expect([pair.serverSink.earlyText, pair.serverSink.text]).toEqual(['the first ', 'ten bytes are early']);
    },
  },
  {
    id: 'early-data/close',
    title: 'close() behind early data ends the connection behind it',
    applies,
    run: async (roles) => {
      const peers = earlyPeers(roles);
      const pair = new MemoryPair(roles, early(await peers.session(), 'all there is'), peers.contexts);
      pair.client.close();
      await pair.pumpUntil(() => pair.serverSink.closedCount > 0);
      expect(pair.serverSink.earlyText + pair.serverSink.text).toBe('all there is');
      expect(pair.serverSink.failure ?? pair.clientSink.failure).toBeUndefined();
    },
  },
  ...(
    [
      ['no-longer', 'disabled', 'by a server that takes none any more', { maxEarlyData: 0 }, eitherWay],
      ['replay-guard', 'replayed', '§8 by the replay guard', { replayGuard: { firstUse: () => false } }, eitherWay],
      [
        'no-ticket',
        'sessionNotResumed',
        'by a server that cannot open the ticket',
        { ticketKeys: { current: otherKey } },
        eitherWay,
      ],
      // with `true` the connection ends, by the case behind this table
      [
        'alpn',
        'alpnMismatch',
        '§4.2.10 by a server that now chooses another protocol',
        { alpnProtocols: ['b'] },
        ['once'],
      ],
      ['retry', 'helloRetryRequest', '§4.1.2 by a HelloRetryRequest', { groups: ['secp256r1'] }, eitherWay],
    ] as const satisfies readonly RejectedRow[]
  ).map(([name, reason, what, server, modes]): ConformanceCase => ({
    id: `early-data/rejected-${name}`,
    title: `early data that is rejected ${what} is ${modes === eitherWay ? 'sent again once, or ' : ''}dropped with 'once', and both sides are told`,
    applies: (roles) => applies(roles) && common(roles, 'groups').includes('secp256r1'),
    run: async (roles) => {
      const client = { ...only('TLSv1.3'), groups: ['x25519', 'secp256r1'] };
      for (const wire of [undefined, byteByByte]) {
        for (const earlyData of modes) {
          const alpnProtocols = name === 'alpn' ? ['a'] : ['b'];
          const base = { maxEarlyData: 16_384, ticketKeys, alpnProtocols };
          const before = new Peers(roles, { client: { ...client, alpnProtocols: ['a', 'b'] }, server: base });
          const session = await before.session();
          const after = before.withServer({ server: { ...base, ...server } });
          const pair = await after.open(early(session, 'early', { earlyData }), wire);
          pair.client.send(text(' late'));
          await pair.pumpUntil(() => pair.serverSink.text.endsWith(' late'), wire);
          expect(pair.serverSink.text).toBe(earlyData === 'once' ? ' late' : 'early late');
          expect(pair.serverSink.earlyDatas).toEqual([]);
          expectInfo(pair, { earlyData: 'rejected' });
          expect([reason, undefined]).toContain(pair.serverSink.info?.earlyDataReason);
          expect(pair.clientSink.info?.earlyDataReason).not.toBe('accepted');
        }
      }
    },
  })),
  {
    id: 'early-data/other-protocol',
    title: '§4.2.10 early data is not sent again by itself under another protocol: the client ends the connection',
    applies,
    run: async (roles) => {
      const names = ['a', 'b'];
      for (const [meant, chosen] of [
        [['a'], ['b']],
        [['a'], []],
        [[], ['b']],
      ] as const) {
        const base = { maxEarlyData: 16_384, ticketKeys };
        const client = { ...only('TLSv1.3'), alpnProtocols: names };
        const before = new Peers(roles, { client, server: { ...base, alpnProtocols: meant } });
        const session = await before.session();
        const after = before.withServer({ server: { ...base, alpnProtocols: chosen } });
        const pair = new MemoryPair(roles, early(session, 'early'), after.contexts);
        pair.client.send(text(' late'));
        await pair.pumpUntil(() => pair.clientSink.failure !== undefined && pair.serverSink.failure !== undefined);
        expectRefused(pair, 'client', refusals.noApplicationProtocol);
        // a platform's library may not be told which alert it should send behind the handshake
        expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', direction: 'received' });
        expect(pair.clientSink.info).toBeUndefined();
        expect(pair.serverSink.text + pair.serverSink.earlyText).toBe('');
      }
    },
  },
  {
    id: 'early-data/replay-guard',
    title: '§8 the replay guard is asked once for each, with identifiers that differ, and may take its time',
    applies,
    run: async (roles) => {
      for (const wrap of [(answer: boolean) => answer, (answer: boolean) => Promise.resolve(answer)]) {
        const seen: string[] = [];
        const replayGuard = {
          firstUse: (identifier: Uint8Array, expiresAt: number) => {
            expect(expiresAt).toBeGreaterThan(Date.now());
            seen.push(identifier.join(' '));
            return wrap(seen.length < 3);
          },
        };
        const peers = earlyPeers(roles, { replayGuard, tickets: 3 });
        const told: unknown[] = [];
        for (const session of await peers.sessions(3)) {
          const pair = await peers.open(early(session, 'early'));
          await pair.pumpUntil(() => pair.serverSink.earlyText + pair.serverSink.text === 'early');
          told.push(pair.serverSink.info?.earlyData);
        }
        expect(told).toEqual(['accepted', 'accepted', 'rejected']);
        expect(new Set(seen).size).toBe(3);
      }
    },
  },
  {
    id: 'early-data/replay-guard-fails',
    title: 'a replay guard that fails takes no early data, and the connection goes on with a warning',
    applies,
    run: async (roles) => {
      const reason = new Error('the guard is down');
      const failures = [
        () => {
          throw reason;
        },
        () => Promise.reject(reason),
      ];
      for (const firstUse of failures) {
        const peers = earlyPeers(roles, { replayGuard: { firstUse } });
        const pair = await peers.open(early(await peers.session(), 'early'));
        await pair.pumpUntil(() => pair.serverSink.text === 'early');
        expectInfo(pair, { resumed: true, earlyData: 'rejected' });
        expect(pair.serverSink.warnings).toMatchObject([{ code: 'ERR_TLS_HOOK', cause: reason }]);
        expect(pair.serverSink.earlyDatas).toEqual([]);
      }
    },
  },
  {
    id: 'early-data/replayed',
    title: '§8.2 a client’s first flight that comes again brings its early data once only',
    applies,
    run: async (roles) => {
      const peers = earlyPeers(roles);
      const pair = new MemoryPair(roles, early(await peers.session(), 'pay 100'), peers.contexts);
      while (pair.clientSink.outgoing.length < 2) await pair.clientSink.activity();
      const flight = join(pair.clientSink.outgoing.splice(0));
      const heard: string[] = [];
      for (let time = 0; time < 3; time += 1) {
        const sink = new MemorySink(true);
        const server = peers.contexts.server.createEngine(sink);
        server.start();
        server.receive(flight);
        while (sink.outgoing.length === 0 && sink.failure === undefined) await sink.activity();
        heard.push(sink.earlyText);
        expect(sink.plaintexts).toEqual([]);
        server.destroy();
      }
      expect(heard).toEqual(['pay 100', '', '']);
    },
  },
  {
    id: 'early-data/down',
    title: '§D.3 a server that chooses TLS 1.2 for a client that sent early data is refused',
    applies: (roles) => applies(roles) && bothSpeak('TLSv1.2')(roles),
    run: async (roles) => {
      const client = { minVersion: 'TLSv1.2' } as const;
      const before = new Peers(roles, { client, server: { maxEarlyData: 16_384, ticketKeys } });
      const session = await before.session();
      const after = before.withServer({ server: { ticketKeys, maxVersion: 'TLSv1.2' } });
      const { clientSink, serverSink } = await after.run(early(session, 'early'));
      // A client that looks at the ServerHello first states the reason. Otherwise the server stops at the early data, which it
      // does not know.
      expect(['ERR_TLS_PROTOCOL_VERSION', 'ERR_TLS_ALERT']).toContain(clientSink.failure?.code);
      expect([...serverSink.earlyDatas, ...serverSink.plaintexts]).toEqual([]);
      expect(clientSink.info).toBeUndefined();
    },
  },
  {
    id: 'early-data/replayed-elsewhere',
    title: '§8.2 a guard in memory takes no early data with tickets of another process, or of the time before it',
    applies,
    run: async (roles) => {
      const before = earlyPeers(roles);
      const session = await before.session();
      const pair = new MemoryPair(roles, early(session, 'pay 100'), before.contexts);
      while (pair.clientSink.outgoing.length < 2) await pair.clientSink.activity();
      const flight = join(pair.clientSink.outgoing.splice(0));
      // The restarted server has the same ticket keys and configuration, but knows nothing of what the first one has seen.
      const restarted = earlyPeers(roles);
      const sink = new MemorySink(true);
      const server = restarted.contexts.server.createEngine(sink);
      server.start();
      server.receive(flight);
      while (sink.outgoing.length === 0 && sink.failure === undefined) await sink.activity();
      expect(sink.failure).toBeUndefined();
      expect(sink.earlyText).toBe('');
      server.destroy();
      // The session of an honest client is resumed, and its next session is one of the new process.
      const next = await restarted.open(early(session, 'pay 200'));
      await next.pumpUntil(() => next.serverSink.text === 'pay 200' && next.clientSink.sessions.length > 0);
      expectInfo(next, { resumed: true, earlyData: 'rejected' });
      const [renewed] = next.clientSink.sessions;
      if (renewed === undefined) throw new Error('there is no session');
      expectInfo(await restarted.open(early(renewed, 'pay 300')), { earlyData: 'accepted' });
    },
  },
  {
    id: 'early-data/shared-guard',
    title: '§8.1 servers that share ticket keys and a replay guard take early data with each other’s tickets, once',
    applies,
    run: async (roles) => {
      const seen = new Set<string>();
      const firstUse = (identifier: Uint8Array): boolean => {
        const isFirst = !seen.has(identifier.join());
        seen.add(identifier.join());
        return isFirst;
      };
      const session = await earlyPeers(roles, { replayGuard: { firstUse } }).session();
      const another = earlyPeers(roles, { replayGuard: { firstUse } });
      const pair = await another.open(early(session, 'early'));
      expectInfo(pair, { earlyData: 'accepted' });
      expect(pair.serverSink.earlyText).toBe('early');
    },
  },
  {
    id: 'early-data/exporter',
    title: '§7.5 both sides export the same early keying material, other for another label or context',
    applies,
    run: async (roles) => {
      const peers = earlyPeers(roles);
      const pair = new MemoryPair(roles, early(await peers.session(), 'early'), peers.contexts);
      await pair.pumpUntil(() => pair.serverSink.earlyText === 'early');
      const { client, server } = pair;
      if (client.exportEarlyKeyingMaterial === undefined || server.exportEarlyKeyingMaterial === undefined) return;
      const values = [
        ['EXPORTER-a', undefined],
        ['EXPORTER-b', undefined],
        ['EXPORTER-a', text('context')],
      ] as const;
      const exported = (engine: TlsEngine): readonly string[] =>
        values.map(([label, context]) => String(engine.exportEarlyKeyingMaterial?.(label, context, 32).join(' ')));
      const ofServer = exported(server);
      await pair.settle();
      expect(ofServer).toEqual(exported(client));
      expect(new Set(exported(client)).size).toBe(values.length);
    },
  },
  {
    id: 'early-data/exporter-behind-a-rejection',
    title: '§7.5 a client whose early data was rejected exports the same as before, or says that there is nothing',
    applies,
    run: async (roles) => {
      const session = await earlyPeers(roles).session();
      // The server cannot read the ticket, so that the session that was offered is gone.
      const another = earlyPeers(roles, { maxEarlyData: 0, ticketKeys: { current: otherKey } });
      const pair = new MemoryPair(roles, early(session, 'early'), another.contexts);
      const { client } = pair;
      if (client.exportEarlyKeyingMaterial === undefined) return;
      const before = exportedEarly(client);
      await pair.settle();
      expectInfo(pair, { earlyData: 'rejected' });
      expect([before, 'ERR_TLS_API_MISUSE']).toContain(exportedEarly(client));
    },
  },
];

/** Gives what is exported, or the code of the error. */
function exportedEarly(engine: TlsEngine): string | undefined {
  try {
    return engine.exportEarlyKeyingMaterial?.('EXPORTER-a', undefined, 32).join(' ');
  } catch (error) {
    if (isTlsError(error)) return error.code;
    throw error;
  }
}

function otherKey() {
  return [{ name: new Uint8Array(16).fill(9), secret: new Uint8Array(32).fill(9) }];
}

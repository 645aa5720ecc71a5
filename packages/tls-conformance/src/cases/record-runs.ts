import type { ProtocolVersion } from '@org/tls-core';
import { bothHave, bothHaveOption, bothSpeak, type ConformanceCase } from '../conformance-case.ts';
import { expectOpen, only } from '../connections.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { identityOf, isSame, join, MemoryPair, pattern, text } from '../memory-pair.ts';
import { canForge, recordType, RecordForger, type Forgery, type Sender } from '../record-forger.ts';
import { turn } from '../turn.ts';

const senders: readonly Sender[] = ['client', 'server'];
const both: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const { alert, applicationData, handshake } = recordType;
const closeNotify = Uint8Array.of(1, 0);
/** A NewSessionTicket (RFC 8446 §4.6.1) whose lifetime is a second. */
const ticket = Uint8Array.of(4, 0, 0, 15, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 7, 0, 0);

/**
 * Many records that arrive in one read. An engine may open them together, and must judge them as if it had opened each when its turn came
 * (RFC 8446 §5, RFC 5246 §6).
 */
export const recordRunCases: readonly ConformanceCase[] = [
  ...both.flatMap((protocol) => [dataCase(protocol), wrongTagCase(protocol), behindClosureCase(protocol)]),
  ...both.flatMap((protocol) => [pauseCase(protocol), smallFragmentsCase(protocol)]),
  {
    id: 'record-run/padding',
    title: '§5.4 records that are padded differently arrive as one stream, whatever lies between',
    applies: canForge('TLSv1.3'),
    run: (roles) =>
      eachSender(roles, 'TLSv1.3', (forger, from) => {
        const paddings = [0, 1, 0, 300, 2, 0, 0, 17, 1000, 0];
        const run = new Run(forger, from);
        for (let round = 0; round < 5; round += 1) for (const padding of paddings) run.data(40, { padding });
        run.expectReceived(run.give());
      }),
  },
  {
    id: 'record-run/key-updates',
    title: '§4.6.3 records behind a KeyUpdate are opened by the new key, wherever in a read it stands',
    applies: (roles) => canForge('TLSv1.3')(roles) && bothHave('keyUpdate')(roles),
    run: (roles) =>
      eachSender(roles, 'TLSv1.3', (forger, from) => {
        const run = new Run(forger, from);
        for (const before of [0, 1, 2, 7, 40, 0, 3]) {
          for (let index = 0; index < before; index += 1) run.data(30);
          run.records.push(forger.keyUpdate(from));
        }
        run.data(30);
        run.expectReceived(run.give());
      }),
  },
  {
    id: 'record-run/old-key',
    title:
      '§4.6.3 a record by the old key behind a KeyUpdate aborts with bad_record_mac, and what came before is delivered',
    applies: (roles) => canForge('TLSv1.3')(roles) && bothHave('keyUpdate')(roles),
    run: (roles) =>
      eachSender(roles, 'TLSv1.3', (forger, from) => {
        const run = new Run(forger, from);
        for (let index = 0; index < 20; index += 1) run.data(30);
        const update = forger.seal(from, handshake, Uint8Array.of(24, 0, 0, 1, 0));
        const old = forger.seal(from, applicationData, text('by the old key'));
        run.records.push(update, old);
        const sink = run.give();
        run.expectReceived(sink, badMac);
      }),
  },
  {
    id: 'record-run/tickets',
    title: '§4.6.1 tickets between records of data are taken, and the data arrives as one stream',
    applies: (roles) => canForge('TLSv1.3')(roles) && roles.client.capabilities.client.features.resumption,
    run: async (roles) => {
      const forger = await RecordForger.open(roles, 'TLSv1.3');
      const run = new Run(forger, 'server');
      for (const before of [1, 0, 9, 30]) {
        for (let index = 0; index < before; index += 1) run.data(50);
        run.records.push(forger.seal('server', handshake, ticket));
      }
      run.data(50);
      const sink = run.give();
      run.expectReceived(sink);
      expect(sink.sessions).toHaveLength(4);
    },
  },
  {
    id: 'record-run/split-message',
    title: '§5.1 data between the records of a message aborts with unexpected_message, also where all come in one read',
    applies: canForge('TLSv1.3'),
    run: async (roles) => {
      const forger = await RecordForger.open(roles, 'TLSv1.3');
      const run = new Run(forger, 'server');
      for (let index = 0; index < 8; index += 1) run.data(50);
      run.records.push(forger.seal('server', handshake, ticket.subarray(0, 9)));
      run.records.push(forger.seal('server', applicationData, text('between')));
      run.records.push(forger.seal('server', handshake, ticket.subarray(9)));
      run.expectReceived(run.give(), unexpected);
    },
  },
];

const badMac = { code: 'ERR_TLS_BAD_RECORD_MAC', alert: 20, direction: 'sent' } as const;
const unexpected = { code: 'ERR_TLS_UNEXPECTED_MESSAGE', alert: 10, direction: 'sent' } as const;

function dataCase(protocol: ProtocolVersion): ConformanceCase {
  return {
    id: `record-run/data-${protocol.slice(4)}`,
    title: `§5.1 hundreds of records of any length arrive in order, however they are cut, in ${protocol}`,
    applies: canForge(protocol),
    run: (roles) =>
      eachSender(roles, protocol, (forger, from) => {
        const run = new Run(forger, from);
        for (let index = 0; index < 700; index += 1) run.data(index % 5 === 0 ? 0 : index % 61);
        run.data(2 ** 14);
        run.expectReceived(run.give());
        for (let index = 0; index < 60; index += 1) run.data(700);
        run.expectReceived(run.give(1000));
      }),
  };
}

function wrongTagCase(protocol: ProtocolVersion): ConformanceCase {
  return {
    id: `record-run/wrong-tag-${protocol.slice(4)}`,
    title: `§5.2 a wrong tag among many records aborts with bad_record_mac, and what came before it is delivered, in ${protocol}`,
    applies: canForge(protocol),
    run: async (roles) => {
      for (const place of [0, 1, 2, 6, 30])
        await eachSender(roles, protocol, (forger, from) => {
          const run = new Run(forger, from);
          for (let index = 0; index < place; index += 1) run.data(25);
          const wrong = forger.seal(from, applicationData, text('changed on its way'));
          wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
          run.records.push(wrong);
          for (let index = 0; index < 10; index += 1)
            run.records.push(forger.seal(from, applicationData, text('never seen')));
          run.expectReceived(run.give(), badMac);
        });
    },
  };
}

function behindClosureCase(protocol: ProtocolVersion): ConformanceCase {
  return {
    id: `record-run/behind-close-notify-${protocol.slice(4)}`,
    title: `§6.1 what comes behind close_notify in the same read is ignored, wrong tags too, in ${protocol}`,
    applies: canForge(protocol),
    run: (roles) =>
      eachSender(roles, protocol, (forger, from) => {
        const run = new Run(forger, from);
        for (let index = 0; index < 9; index += 1) run.data(33);
        run.records.push(forger.seal(from, alert, closeNotify));
        const wrong = forger.seal(from, applicationData, text('behind the end'));
        wrong[7] = (wrong[7] ?? 0) ^ 1;
        run.records.push(wrong, forger.seal(from, applicationData, text('behind the end')));
        const sink = run.give();
        run.expectReceived(sink);
        expect(sink.closedCount).toBe(1);
      }),
  };
}

/** A server that has to wait in the middle of a read, between a client's proof and its data, reads on when it may. */
function pauseCase(protocol: ProtocolVersion): ConformanceCase {
  return {
    id: `record-run/pause-${protocol.slice(4)}`,
    title: `a pause between the records of one read loses none of those behind it, in ${protocol}`,
    applies: (roles) =>
      bothSpeak(protocol)(roles) && bothHave('clientAuthentication')(roles) && bothHave('asyncHooks')(roles),
    run: async (roles) => {
      const sent = Array.from({ length: 12 }, (_, index) => pattern(100 + index));
      const pair = new MemoryPair(roles, {
        client: { ...only(protocol), identity: identityOf('wrongPurpose') },
        server: {
          clientAuthentication: 'require',
          clientTrust: rootPem,
          verifyPeer: async () => {
            await turn();
          },
        },
        joinsBatches: true,
      });
      for (const piece of sent) pair.client.send(piece);
      await pair.settle();
      expectOpen(pair);
      const all = join(sent);
      await pair.pumpUntil(() => pair.serverSink.received.length === all.length);
      expect(isSame(pair.serverSink.received, all)).toBe(true);
    },
  };
}

/** More records than any backend seals in one go. */
function smallFragmentsCase(protocol: ProtocolVersion): ConformanceCase {
  return {
    id: `record-run/small-fragments-${protocol.slice(4)}`,
    title: `RFC 8449 §4 one send that becomes a thousand records arrives whole, padded or not, in ${protocol}`,
    applies: (roles) => bothSpeak(protocol)(roles) && bothHaveOption('maxFragmentLength')(roles),
    run: async (roles) => {
      const paddings = protocol === 'TLSv1.3' && bothHaveOption('recordPadding')(roles) ? [1, 48] : [1];
      for (const recordPadding of paddings) {
        const small = { maxFragmentLength: 64, ...(recordPadding === 1 ? {} : { recordPadding }) };
        const pair = new MemoryPair(roles, { client: { ...only(protocol), ...small }, server: small });
        await pair.settle();
        expectOpen(pair);
        const sent = pattern(64 * 1000 + 7);
        pair.client.send(sent);
        pair.server.send(sent);
        await pair.pumpUntil(() =>
          [pair.clientSink, pair.serverSink].every(({ received }) => received.length >= sent.length),
        );
        expect(isSame(pair.serverSink.received, sent)).toBe(true);
        expect(isSame(pair.clientSink.received, sent)).toBe(true);
      }
    },
  };
}

/** Records of one sender that arrive in one read, and the data in them. */
class Run {
  readonly records: Uint8Array[] = [];
  readonly #forger: RecordForger;
  readonly #from: Sender;
  readonly #data: Uint8Array[] = [];

  constructor(forger: RecordForger, from: Sender) {
    this.#forger = forger;
    this.#from = from;
  }

  /** Adds a record of so many bytes of data. */
  data(length: number, forgery: Forgery = {}): void {
    const content = pattern(length).map((byte) => byte ^ this.#data.length);
    this.#data.push(content);
    this.records.push(this.#forger.seal(this.#from, applicationData, content, forgery));
  }

  /** @param cut the most bytes of a read; all come in one without it */
  give(cut?: number): ReturnType<RecordForger['give']> {
    const all = join(this.records.splice(0));
    const pieces: Uint8Array[] = [];
    const most = cut ?? all.length;
    for (let at = 0; at < all.length; at += most) pieces.push(all.subarray(at, at + most));
    return this.#forger.give(this.#from, ...pieces);
  }

  expectReceived(sink: ReturnType<RecordForger['give']>, failure?: object): void {
    if (failure === undefined) expect(sink.failure, `from the ${this.#from}`).toBeUndefined();
    else expect(sink.failure, `from the ${this.#from}`).toMatchObject(failure);
    expect(isSame(sink.received, join(this.#data)), `data from the ${this.#from}`).toBe(true);
  }
}

async function eachSender(
  roles: Parameters<typeof RecordForger.open>[0],
  protocol: ProtocolVersion,
  run: (forger: RecordForger, from: Sender) => void,
): Promise<void> {
  for (const from of senders) run(await RecordForger.open(roles, protocol), from);
}

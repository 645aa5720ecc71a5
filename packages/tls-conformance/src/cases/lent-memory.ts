import type { ProtocolVersion } from '@org/tls-core';
import { bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectOpen, only } from '../connections.ts';
import { expect } from '../expect.ts';
import { isSame, join, MemoryPair, pattern, text, type ContextOptions, type MemorySink } from '../memory-pair.ts';
import { canForge, recordType, RecordForger } from '../record-forger.ts';

const both: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const ticket = Uint8Array.of(4, 0, 0, 15, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 7, 0, 0);

/** Memory that a sink lends (`plaintextBuffer`, `ciphertextBuffer`). A backend that never asks for it passes, too. */
export const lentMemoryCases: readonly ConformanceCase[] = [
  ...both.map((protocol): ConformanceCase => ({
    id: `lent-memory/reused-${protocol.slice(4)}`,
    title: `memory that is lent again as soon as the sink was told holds the right bytes each time, in ${protocol}`,
    applies: bothSpeak(protocol),
    run: async (roles) => {
      const pair = lending(roles, { client: only(protocol) }, 2 ** 17);
      await pair.settle();
      expectOpen(pair);
      await converse(pair);
    },
  })),
  {
    id: 'lent-memory/too-short',
    title: 'memory that is too short for what comes is not written to',
    run: async (roles) => {
      const pair = lending(roles, {}, 40);
      await pair.settle();
      await converse(pair);
    },
  },
  {
    id: 'lent-memory/inside-events',
    title: 'what is sent from within an event arrives, and no memory is asked for that would have to wait',
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      await pair.settle();
      const lender = new Lender(pair.serverSink, 2 ** 17);
      pair.serverSink.answer = (event) => {
        lender.told(event);
        if (event !== 'plaintext') return;
        lender.isInsideEvent = true;
        pair.server.send(text('first, '));
        pair.server.send(text('second'));
        lender.isInsideEvent = false;
      };
      pair.client.send(text('question'));
      await pair.pumpUntil(() => pair.clientSink.text === 'first, second');
      expect(pair.serverSink.text).toBe('question');
      expect(lender.askedInside).toBe(0);
    },
  },
  {
    id: 'lent-memory/thrown',
    title: 'data that has to wait because a sink threw is whole, although its memory was the sink’s again',
    applies: canForge('TLSv1.3'),
    run: async (roles) => {
      const forger = await RecordForger.open(roles, 'TLSv1.3');
      const { clientSink } = forger.pair;
      const lender = new Lender(clientSink, 2 ** 17);
      const bug = new Error('a bug of the application');
      let hasThrown = false;
      clientSink.answer = (event) => {
        lender.told(event);
        if (event !== 'session' || hasThrown) return;
        hasThrown = true;
        throw bug;
      };
      const records = [
        forger.seal('server', recordType.applicationData, text('before, ')),
        forger.seal('server', recordType.handshake, ticket),
        forger.seal('server', recordType.applicationData, text('behind')),
      ];
      expect(() => forger.give('server', join(records))).toThrow(bug);
      lender.overwrite();
      await forger.pair.pumpUntil(() => clientSink.text.length === 'before, behind'.length);
      expect(clientSink.text).toBe('before, behind');
    },
  },
];

/** A pair of which both sinks lend one buffer for each kind of bytes. */
function lending(roles: Roles, options: ContextOptions, length: number): MemoryPair {
  return new MemoryPair(roles, {
    ...options,
    prepare: ({ clientSink, serverSink }) => {
      for (const sink of [clientSink, serverSink]) {
        const lender = new Lender(sink, length);
        sink.answer = (event) => lender.told(event);
      }
    },
  });
}

type Kind = 'plaintext' | 'ciphertext';

/** Lends one buffer for plaintext and one for ciphertext, and writes over them as soon as they are its own again. */
class Lender {
  readonly #sink: MemorySink;
  readonly #buffers: Readonly<Record<Kind, Uint8Array>>;
  isInsideEvent = false;
  /** How often memory was asked for meanwhile. */
  askedInside = 0;

  constructor(sink: MemorySink, length: number) {
    const buffers = { plaintext: new Uint8Array(length), ciphertext: new Uint8Array(length) };
    this.#sink = sink;
    this.#buffers = buffers;
    const lend = (kind: Kind): Uint8Array => {
      if (this.isInsideEvent) this.askedInside += 1;
      return buffers[kind];
    };
    Object.assign(sink, { plaintextBuffer: () => lend('plaintext'), ciphertextBuffer: () => lend('ciphertext') });
  }

  /** The sink keeps a copy, as it must of bytes in memory that it lends again. */
  told(event: string): void {
    if (event !== 'plaintext' && event !== 'ciphertext') return;
    const batches = event === 'plaintext' ? this.#sink.plaintexts : this.#sink.outgoing;
    batches.push(Uint8Array.from(batches.pop() ?? []));
    this.#buffers[event].fill(0xdd);
  }

  overwrite(): void {
    for (const buffer of Object.values(this.#buffers)) buffer.fill(0xdd);
  }
}

async function converse(pair: MemoryPair): Promise<void> {
  const sent: Uint8Array[] = [];
  for (const length of [1, 100, 20_000, 3, 60_000, 5]) {
    const content = pattern(length).map((byte) => byte ^ length);
    sent.push(content);
    pair.client.send(content);
    pair.server.send(content);
    const all = join(sent);
    await pair.pumpUntil(() =>
      [pair.serverSink, pair.clientSink].every(({ received }) => received.length >= all.length),
    );
    for (const { received } of [pair.serverSink, pair.clientSink]) expect(isSame(received, all)).toBe(true);
  }
}

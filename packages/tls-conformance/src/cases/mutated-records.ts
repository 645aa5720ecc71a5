import { isTlsError, type ProtocolVersion } from '@org/tls-core';
import { bothSpeak, type ConformanceCase } from '../conformance-case.ts';
import { only } from '../connections.ts';
import { expect } from '../expect.ts';
import { join, MemoryPair, text, type MemorySink, type Wire } from '../memory-pair.ts';
import { canForge, RecordForger, type Sender } from '../record-forger.ts';
import { rawClientHello } from '../raw-client-hello.ts';
import { turn } from '../turn.ts';

const both: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const senders: readonly Sender[] = ['client', 'server'];
/** The classes of errors that may be reported for bytes that came over the wire. */
const peersFault = ['decode', 'peer-misbehaved', 'peer-incompatible', 'peer-alert', 'certificate'];

/** Draws numbers that look random and are the same each time. */
class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
}

/** Changes some bytes: single bits, values, lengths at the beginning; it removes or inserts whole stretches. */
function mutate(bytes: Uint8Array, draw: Draw): Uint8Array {
  const changed = [...bytes];
  for (let times = 1 + draw.below(3); times > 0 && changed.length > 0; times -= 1) {
    const at = draw.below(draw.below(2) === 0 ? Math.min(64, changed.length) : changed.length);
    switch (draw.below(5)) {
      case 0:
        changed[at] = (changed[at] ?? 0) ^ (1 << draw.below(8));
        break;
      case 1:
        changed[at] = draw.below(256);
        break;
      case 2:
        changed[at] = draw.below(2) * 255;
        break;
      case 3:
        changed.splice(at, 1 + draw.below(8));
        break;
      default:
        changed.splice(at, 0, ...Array.from({ length: 1 + draw.below(8) }, () => draw.below(256)));
    }
  }
  return Uint8Array.from(changed);
}

/** However a peer's bytes are changed, the outcome is told once, and the peer is blamed. */
export const mutatedRecordCases: readonly ConformanceCase[] = both.flatMap((protocol): readonly ConformanceCase[] => [
  {
    id: `mutated/flights-${protocol.slice(4)}`,
    title: `a handshake of which a flight was changed fails by the peer’s fault, or is not finished, in ${protocol}`,
    applies: canForge(protocol),
    run: async (roles) => {
      for (let seed = 0; seed < 50; seed += 1) {
        const draw = new Draw(seed);
        const turn = draw.below(4);
        let flight = -1;
        const wire: Wire = (batch) => {
          flight += 1;
          return [flight === turn ? mutate(batch, draw) : batch];
        };
        const pair = new MemoryPair(roles, { client: only(protocol) });
        await calm(pair, wire);
        for (const sink of [pair.clientSink, pair.serverSink]) expectPeersFault(sink, `seed ${seed}`);
        pair.client.destroy();
        pair.server.destroy();
      }
    },
  },
  {
    id: `mutated/behind-close-${protocol.slice(4)}`,
    title: `a record that was changed is the peer’s fault also where nobody can be told, behind our own close_notify, in ${protocol}`,
    applies: bothSpeak(protocol),
    run: async (roles) => {
      for (const from of senders) {
        const pair = new MemoryPair(roles, { client: only(protocol) });
        await pair.settle();
        const [sender, sent] = from === 'client' ? [pair.client, pair.clientSink] : [pair.server, pair.serverSink];
        const [receiver, sink] = from === 'client' ? [pair.server, pair.serverSink] : [pair.client, pair.clientSink];
        receiver.close();
        sent.outgoing.splice(0);
        sender.send(text('late'));
        while (sent.outgoing.length === 0) await sent.activity();
        const record = join(sent.outgoing.splice(0));
        record[record.length - 1] = (record.at(-1) ?? 0) ^ 1;
        receiver.receive(record);
        expect(await sink.untilFailed(), from).toMatchObject({ code: 'ERR_TLS_BAD_RECORD_MAC' });
        sender.destroy();
      }
    },
  },
  {
    id: `mutated/records-${protocol.slice(4)}`,
    title: `a record that was changed before it was sealed, or behind that, is the peer’s fault in ${protocol}`,
    applies: canForge(protocol),
    run: async (roles) => {
      for (const from of senders) {
        for (let seed = 0; seed < 30; seed += 1) {
          const forger = await RecordForger.open(roles, protocol);
          const draw = new Draw(seed);
          const contents: readonly (readonly [number, readonly number[]])[] = [
            [22, [24, 0, 0, 1, draw.below(2)]],
            [22, [4, 0, 0, 12, 0, 0, 1, 0, 0, 6, 1, 2, 3, 4, 5, 6]],
            [21, [1, 0]],
            [23, [...text('some data')]],
            [22, [...rawClientHello({}).subarray(5)]],
          ];
          const [type, content] = contents[draw.below(contents.length)] ?? [23, []];
          const changed = mutate(Uint8Array.from(content), draw);
          const record = forger.seal(from, draw.below(4) === 0 ? draw.below(256) : type, changed);
          const sink = forger.give(from, draw.below(3) === 0 ? mutate(record, draw) : record);
          expectPeersFault(sink, `seed ${seed} from the ${from}`);
        }
      }
    },
  },
]);

function expectPeersFault({ failures, failure, infos, calls }: MemorySink, what: string): void {
  expect(failures.length, what).toBeLessThan(2);
  expect(infos.length, what).toBeLessThan(2);
  if (failure === undefined) return;
  expect(isTlsError(failure), what).toBe(true);
  expect(peersFault, `${what}: ${failure.code}, ${failure.message}`).toContain(failure.family);
  expect(calls.at(-1), what).toBe('failed');
}

/** Carries bytes until nothing happens any more. Engines with threads of their own get time to answer what they were given. */
async function calm(pair: MemoryPair, wire: Wire): Promise<void> {
  const { clientSink, serverSink } = pair;
  const isOver = (): boolean =>
    [clientSink, serverSink].every((sink) => sink.failure !== undefined) ||
    [clientSink, serverSink].every((sink) => sink.info !== undefined);
  for (let idle = 0; idle < 5 && !isOver(); idle += 1) {
    const before = clientSink.calls.length + serverSink.calls.length;
    pair.pump(wire);
    await turn();
    if (join(clientSink.outgoing).length + join(serverSink.outgoing).length > 0) idle = -1;
    if (clientSink.calls.length + serverSink.calls.length > before) idle = -1;
  }
}

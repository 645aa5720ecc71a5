import { bothHave, bothHaveOption, bothSpeak, type ConformanceCase } from '../conformance-case.ts';
import { only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { isSame, join, pattern, type MemoryPair, type Wire } from '../memory-pair.ts';

/**
 * How many bytes a record's protection adds at most: an explicit nonce and a tag (RFC 5288 §3), or a content type and a tag
 * (RFC 8446 §5.2).
 */
const expansion = { 'TLSv1.2': 8 + 16, 'TLSv1.3': 1 + 16 } as const;

/** Watches the lengths of records with protected content on the wire. */
class RecordWatch {
  readonly lengths = { client: [] as number[], server: [] as number[] };
  readonly #rest = { client: new Uint8Array(0), server: new Uint8Array(0) };

  readonly wire: Wire = (batch, from) => {
    let bytes = join([this.#rest[from], batch]);
    while (bytes.length >= 5) {
      const length = ((bytes[3] ?? 0) << 8) | (bytes[4] ?? 0);
      if (bytes.length < 5 + length) break;
      if (bytes[0] === 23) this.lengths[from].push(length);
      bytes = bytes.slice(5 + length);
    }
    this.#rest[from] = bytes as Uint8Array<ArrayBuffer>;
    return [batch];
  };
}

/** Cases of the sizes of records (RFC 8449, RFC 8446 §5.4). */
export const recordSizeCases: readonly ConformanceCase[] = [
  ...(['TLSv1.2', 'TLSv1.3'] as const).flatMap((protocol): ConformanceCase[] => [
    {
      id: `record-size/limit-${protocol.slice(4)}`,
      title: `RFC 8449 §4 no side of ${protocol} sends a record that is longer than the other’s limit`,
      applies: (roles) => bothSpeak(protocol)(roles) && bothHave('recordSizeLimit')(roles),
      run: async (roles) => {
        for (const [ofClient, ofServer] of [
          [64, 1000],
          [16_384, 64],
          [512, 512],
        ] as const) {
          const peers = new Peers(roles, {
            client: { ...only(protocol), recordSizeLimit: ofClient },
            server: { recordSizeLimit: ofServer },
          });
          const watch = new RecordWatch();
          const pair = await peers.open({}, watch.wire);
          await exchange(pair, watch.wire);
          const { lengths } = watch;
          expect(Math.max(...lengths.client)).toBeLessThanOrEqual(ofServer + expansion[protocol]);
          expect(Math.max(...lengths.server)).toBeLessThanOrEqual(ofClient + expansion[protocol]);
          // The records are not smaller than they have to be either.
          expect(Math.max(...lengths.client)).toBeGreaterThanOrEqual(ofServer);
          expect(Math.max(...lengths.server)).toBeGreaterThanOrEqual(ofClient);
        }
      },
    },
    {
      id: `record-size/one-sided-${protocol.slice(4)}`,
      title: `RFC 8449 §4 a limit that only one side of ${protocol} knows of does no harm`,
      applies: (roles) => bothSpeak(protocol)(roles) && bothHave('recordSizeLimit')(roles),
      run: async (roles) => {
        for (const options of [
          { client: { ...only(protocol), recordSizeLimit: 1000 } },
          { client: only(protocol), server: { recordSizeLimit: 1000 } },
        ]) {
          const pair = await new Peers(roles, options).open();
          await exchange(pair);
        }
      },
    },
    {
      id: `record-size/fragments-${protocol.slice(4)}`,
      title: `maxFragmentLength bounds what a side of ${protocol} puts into a record`,
      applies: (roles) => bothSpeak(protocol)(roles) && bothHaveOption('maxFragmentLength')(roles),
      run: async (roles) => {
        for (const [ofClient, ofServer] of [
          [64, 1000],
          [3000, 100],
        ] as const) {
          const peers = new Peers(roles, {
            client: { ...only(protocol), maxFragmentLength: ofClient },
            server: { maxFragmentLength: ofServer },
          });
          const watch = new RecordWatch();
          const pair = await peers.open({}, watch.wire);
          await exchange(pair, watch.wire);
          expect(Math.max(...watch.lengths.client)).toBeLessThanOrEqual(ofClient + expansion[protocol]);
          expect(Math.max(...watch.lengths.server)).toBeLessThanOrEqual(ofServer + expansion[protocol]);
        }
      },
    },
  ]),
  {
    id: 'record-size/padding',
    title: '§5.4 records are padded, so that their lengths tell less',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && bothHaveOption('recordPadding')(roles),
    run: async (roles) => {
      for (const recordPadding of [256, 16_384]) {
        const peers = new Peers(roles, { client: { ...only('TLSv1.3'), recordPadding }, server: { recordPadding } });
        const watch = new RecordWatch();
        const pair = await peers.open({}, watch.wire);
        pair.pump(watch.wire);
        watch.lengths.client.length = 0;
        watch.lengths.server.length = 0;
        let received = 0;
        for (const length of [1, 2, 100, 200]) {
          received += length;
          for (const engine of [pair.client, pair.server]) engine.send(new Uint8Array(length));
          await pair.pumpUntil(() => arrived(pair, received), watch.wire);
        }
        for (const lengths of Object.values(watch.lengths)) {
          expect(lengths).toHaveLength(4);
          expect(new Set(lengths).size).toBe(1);
          expect(lengths[0]).toBeGreaterThanOrEqual(recordPadding);
        }
        await exchange(pair, watch.wire);
      }
    },
  },
  {
    id: 'record-size/padding-within-limit',
    title: 'RFC 8449 §4 padding counts: a padded record keeps to the peer’s limit',
    applies: (roles) =>
      bothSpeak('TLSv1.3')(roles) && bothHave('recordSizeLimit')(roles) && bothHaveOption('recordPadding')(roles),
    run: async (roles) => {
      const peers = new Peers(roles, {
        client: { ...only('TLSv1.3'), recordSizeLimit: 16_384, recordPadding: 4096 },
        server: { recordSizeLimit: 200, recordPadding: 7 },
      });
      const watch = new RecordWatch();
      const pair = await peers.open({}, watch.wire);
      await exchange(pair, watch.wire);
      expect(Math.max(...watch.lengths.client)).toBeLessThanOrEqual(200 + expansion['TLSv1.3']);
    },
  },
];

function arrived({ clientSink, serverSink }: MemoryPair, length: number): boolean {
  return clientSink.received.length >= length && serverSink.received.length >= length;
}

/** Sends 40,000 bytes both ways. */
async function exchange(pair: MemoryPair, wire?: Wire): Promise<void> {
  const { clientSink, serverSink } = pair;
  const [fromServer, fromClient] = [clientSink.received.length, serverSink.received.length];
  const sent = pattern(40_000);
  pair.client.send(sent);
  pair.server.send(sent);
  await pair.pumpUntil(
    () =>
      clientSink.received.length >= fromServer + sent.length && serverSink.received.length >= fromClient + sent.length,
    wire,
  );
  expect(isSame(clientSink.received.subarray(fromServer), sent)).toBe(true);
  expect(isSame(serverSink.received.subarray(fromClient), sent)).toBe(true);
}

import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { byteByByte, MemoryPair, text, type MemorySink } from '../memory-pair.ts';

type Role = 'client' | 'server';

const notTls = { code: 'ERR_TLS_NOT_TLS', family: 'decode', alert: 10, direction: 'sent' } as const;
const undefinedType = { code: 'ERR_TLS_UNEXPECTED_MESSAGE', alert: 10, direction: 'sent' } as const;

/** Bytes that begin a connection and are no record that TLS defines. */
const beginnings: readonly (readonly [string, string, Uint8Array, object])[] = [
  ['http', 'the text of another protocol', text('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), notTls],
  ['two-bytes', 'two bytes of another protocol', text('SS'), notTls],
  ['dtls', 'a record of DTLS', Uint8Array.of(22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), notTls],
  ['ssl-2', 'a ClientHello of SSL 2', Uint8Array.of(0x80, 46, 1, 3, 3, 0, 21, 0, 0, 0, 16), notTls],
  ['type-0', 'a record of type 0', Uint8Array.of(0, 3, 3, 0, 1, 0), undefinedType],
  ['type-24', 'a record of type 24, heartbeat (RFC 6520)', Uint8Array.of(24, 3, 3, 0, 1, 0), undefinedType],
  ['type-99', 'a record of type 99', Uint8Array.of(99, 3, 1, 0, 1, 0), undefinedType],
  ['type-255', 'a record of type 255', Uint8Array.of(255, 3, 3, 0, 1, 0), undefinedType],
];

/** What the very first record of a peer may be. */
export const firstRecordCases: readonly ConformanceCase[] = [
  ...beginnings.map(([id, what, bytes, failure]): ConformanceCase => ({
    id: `first-record/${id}`,
    title: `§5 ${what} aborts with unexpected_message, however it is cut`,
    run: async (roles) => {
      for (const role of ['client', 'server'] as const) {
        for (const cut of [(batch: Uint8Array) => [batch], byteByByte]) {
          const sink = await receiving(roles, role, cut(bytes));
          expect(await sink.untilFailed()).toMatchObject(failure);
          expect([...(sink.outgoing.at(-1) ?? [])].slice(-2)).toEqual([2, 10]);
        }
      }
    },
  })),
  {
    id: 'first-record/one-byte',
    title: 'one byte decides nothing: an end behind it is ERR_TLS_TRUNCATED',
    run: async (roles) => {
      for (const byte of [0, 22, 0x47]) {
        const pair = new MemoryPair(roles);
        pair.server.receive(Uint8Array.of(byte));
        expect(pair.serverSink.failure).toBeUndefined();
        pair.server.receiveEnd();
        expect(await pair.serverSink.untilFailed()).toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
      }
    },
  },
];

/** Gives the sink of one role that was given these pieces, until it failed. */
async function receiving(roles: Roles, role: Role, pieces: readonly Uint8Array[]): Promise<MemorySink> {
  const pair = new MemoryPair(roles);
  const [engine, sink] = role === 'client' ? [pair.client, pair.clientSink] : [pair.server, pair.serverSink];
  if (role === 'client') while (sink.outgoing.length === 0) await sink.activity();
  for (const piece of pieces) if (sink.failure === undefined) engine.receive(piece);
  return sink;
}

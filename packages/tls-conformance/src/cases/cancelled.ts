import { TlsError } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase } from '../conformance-case.ts';
import { only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { join, MemoryPair } from '../memory-pair.ts';

const protocols = ['TLSv1.2', 'TLSv1.3'] as const;
const reasons = [
  new TlsError('ERR_TLS_TIMEOUT', 'the owner’s patience'),
  new TlsError('ERR_TLS_ABORTED', 'the owner’s signal'),
] as const;

/** Records of user_canceled and close_notify. Both are warnings, and neither is encrypted. */
const canceled = Uint8Array.of(21, 3, 3, 0, 2, 1, 90, 21, 3, 3, 0, 2, 1, 0);

/** An owner that no longer wants a connection ends it as RFC 8446 §6.1 demands. */
export const cancelledCases: readonly ConformanceCase[] = [
  {
    id: 'cancelled/unanswered',
    title: '§6.1 a side that gives up before it has an answer sends user_canceled and close_notify',
    run: async (roles) => {
      for (const reason of reasons) {
        const pair = new MemoryPair(roles);
        await pair.pumpUntil(
          () => pair.clientSink.calls.includes('ciphertext'),
          () => [],
        );
        for (const [engine, sink] of [
          [pair.client, pair.clientSink],
          [pair.server, pair.serverSink],
        ] as const) {
          engine.fail(reason);
          expect(await sink.untilFailed()).toBe(reason);
          expect(new Uint8Array(join(sink.outgoing))).toEqual(canceled);
          expect(sink.calls.at(-1)).toBe('failed');
        }
      }
    },
  },
  {
    id: 'cancelled/asked',
    title:
      '§6.1 a server that gives up while a hook about the ClientHello is pending sends user_canceled and close_notify',
    applies: bothHave('asyncHooks'),
    run: async (roles) => {
      for (const protocol of protocols.filter((each) => bothSpeak(each)(roles))) {
        let ask: () => void = () => undefined;
        let isAsked = false;
        const asked = new Promise<void>((resolve) => {
          ask = resolve;
        });
        const selectIdentity = (): Promise<undefined> => {
          isAsked = true;
          ask();
          return new Promise(() => undefined);
        };
        const pair = new MemoryPair(roles, { client: only(protocol), server: { selectIdentity } });
        await pair.pumpUntil(() => isAsked, undefined, asked);
        pair.server.fail(reasons[0]);
        expect(await pair.serverSink.untilFailed()).toBe(reasons[0]);
        expect(new Uint8Array(join(pair.serverSink.outgoing))).toEqual(canceled);
        pair.pump();
        // It is close_notify that ends the connection (RFC 8446 §6.1).
        expect(await pair.clientSink.untilFailed()).toMatchObject({ code: 'ERR_TLS_ALERT', direction: 'received' });
      }
    },
  },
  {
    id: 'cancelled/open',
    title: '§6.1 an open connection that is given up is closed, and not cancelled',
    run: async (roles) => {
      for (const protocol of protocols.filter((each) => bothSpeak(each)(roles))) {
        const pair = await new Peers(roles, { client: only(protocol) }).open();
        pair.client.fail(reasons[0]);
        expect(pair.clientSink.failures).toEqual([reasons[0]]);
        await pair.pumpUntil(() => pair.serverSink.closedCount === 1);
        expect(pair.serverSink.failure).toBeUndefined();
      }
    },
  },
  {
    id: 'cancelled/close-in-handshake',
    title: '§6.1 close() in the middle of a handshake cancels it when nothing was sent',
    run: async (roles) => {
      for (const protocol of protocols.filter((each) => bothSpeak(each)(roles))) {
        const pair = new MemoryPair(roles, { client: only(protocol) });
        await pair.pumpUntil(
          () => pair.clientSink.calls.includes('ciphertext'),
          () => [],
        );
        pair.client.close();
        const failure = await pair.clientSink.untilFailed();
        expect(failure).toMatchObject({ code: 'ERR_TLS_ABORTED', alert: 90, direction: 'sent' });
        expect(new Uint8Array(join(pair.clientSink.outgoing))).toEqual(canceled);
        expect(() => pair.client.close()).toThrow(failure);
      }
    },
  },
];

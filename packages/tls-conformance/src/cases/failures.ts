import { TlsError } from '@org/tls-core';
import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { join, MemoryPair, text } from '../memory-pair.ts';
import { handshake } from './handshake.ts';

const garbage: readonly (readonly [string, Uint8Array])[] = [
  ['the text of another protocol', text('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
  ['an SSH banner', text('SSH-2.0-OpenSSH_9.2p1\r\n')],
  ['zeros', new Uint8Array(64)],
];

/** What can go wrong, which side is told what, and that a failure is final. */
export const failureCases: readonly ConformanceCase[] = [
  ...garbage.map(([what, bytes], index): ConformanceCase => ({
    id: `garbage/client-${index}`,
    title: `a client that gets ${what} fails with ERR_TLS_NOT_TLS`,
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      pair.client.receive(bytes);
      expect(await pair.clientSink.untilFailed()).toMatchObject({ code: 'ERR_TLS_NOT_TLS', family: 'decode' });
    },
  })),
  ...garbage.map(([what, bytes], index): ConformanceCase => ({
    id: `garbage/server-${index}`,
    title: `a server that gets ${what} fails with ERR_TLS_NOT_TLS`,
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      pair.server.receive(bytes);
      expect(await pair.serverSink.untilFailed()).toMatchObject({ code: 'ERR_TLS_NOT_TLS', family: 'decode' });
    },
  })),
  {
    id: 'record/overflow',
    title: '§5.2 a record of more than 2^14 + 256 bytes aborts with record_overflow',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.server.receive(Uint8Array.of(23, 3, 3, 0x48, 0x01, ...new Uint8Array(0x4801)));
      expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_RECORD_OVERFLOW', alert: 22, direction: 'sent' });
    },
  },
  {
    id: 'record/bad-mac',
    title: '§5.2 a record that was changed aborts with bad_record_mac, and what came before it is delivered',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.pump();
      pair.client.send(text('before'));
      pair.client.send(text('after'));
      const bytes = join(pair.clientSink.outgoing.splice(0));
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      pair.server.receive(bytes);
      expect(pair.serverSink.text).toBe('before');
      expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_BAD_RECORD_MAC', alert: 20, direction: 'sent' });
      pair.pump();
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 20, direction: 'received' });
    },
  },
  {
    id: 'truncation/handshake',
    title: 'an end in the middle of the handshake is ERR_TLS_TRUNCATED',
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      pair.client.receiveEnd();
      pair.server.receiveEnd();
      expect(await pair.clientSink.untilFailed()).toMatchObject({ code: 'ERR_TLS_TRUNCATED', family: 'transport' });
      expect(await pair.serverSink.untilFailed()).toMatchObject({ code: 'ERR_TLS_TRUNCATED', family: 'transport' });
    },
  },
  {
    id: 'truncation/data',
    title: '§6.1 an end without close_notify is ERR_TLS_TRUNCATED, behind the data that came',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.server.send(text('half of'));
      await pair.pumpUntil(() => pair.clientSink.text === 'half of');
      pair.client.receiveEnd();
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_TRUNCATED', family: 'transport' });
      expect(pair.clientSink.closedCount).toBe(0);
    },
  },
  {
    id: 'truncation/record',
    title: 'an end in the middle of a record is ERR_TLS_TRUNCATED',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.pump();
      pair.server.send(text('never whole'));
      const bytes = join(pair.serverSink.outgoing.splice(0));
      pair.client.receive(bytes.subarray(0, bytes.length - 1));
      pair.client.receiveEnd();
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
      expect(pair.clientSink.plaintexts).toEqual([]);
    },
  },
  {
    id: 'close/in-handshake',
    title: 'close_notify in the middle of a handshake ends it, and does not spin',
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      pair.client.receive(Uint8Array.of(21, 3, 3, 0, 2, 1, 0));
      if (pair.clientSink.failure === undefined) pair.client.receiveEnd();
      await pair.clientSink.untilFailed();
      expect(pair.clientSink.failures).toHaveLength(1);
      expect(['ERR_TLS_ALERT', 'ERR_TLS_TRUNCATED']).toContain(pair.clientSink.failure?.code);
    },
  },
  {
    id: 'alert/received',
    title: '§6.2 a fatal alert of the peer is ERR_TLS_ALERT with its number',
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      pair.client.receive(Uint8Array.of(21, 3, 3, 0, 2, 2, 40));
      expect(await pair.clientSink.untilFailed()).toMatchObject({
        code: 'ERR_TLS_ALERT',
        alert: 40,
        direction: 'received',
        alertName: 'handshake_failure',
      });
    },
  },
  {
    id: 'failure/sticky',
    title: 'a failure is told once, and every later call throws the same error',
    run: async (roles) => {
      const { client, clientSink } = await failed(roles);
      const [failure] = clientSink.failures;
      for (const call of [
        () => client.receive(Uint8Array.of(22)),
        () => client.receiveEnd(),
        () => client.send(Uint8Array.of(1)),
        () => client.close(),
        () => client.requestKeyUpdate(),
        () => client.exportKeyingMaterial('EXPORTER-conformance', undefined, 32),
      ]) {
        expect(thrownBy(call)).toBe(failure);
      }
      expect(clientSink.failures).toHaveLength(1);
      client.destroy();
    },
  },
  {
    id: 'failure/given',
    title: 'fail() gives the adapter’s reason to the sink, once',
    run: async (roles) => {
      const pair = await handshake(roles);
      const reason = new TlsError('ERR_TLS_ABORTED', 'the adapter’s reason');
      pair.client.fail(reason);
      expect(pair.clientSink.failures).toEqual([reason]);
      expect(thrownBy(() => pair.client.send(Uint8Array.of(1)))).toBe(reason);
    },
  },
];

/** Makes a pair whose client has failed. */
async function failed(roles: Roles): Promise<MemoryPair> {
  const pair = new MemoryPair(roles);
  pair.client.receive(text('no TLS at all'));
  await pair.clientSink.untilFailed();
  return pair;
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

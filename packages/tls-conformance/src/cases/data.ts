import { TlsError } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { byteByByte, isSame, join, MemoryPair, pattern, text, type Wire } from '../memory-pair.ts';
import { handshake } from './handshake.ts';

const mebibyte = 2 ** 20;

/** Cases of data, of their end, and of what one can ask of an open connection. */
export const dataCases: readonly ConformanceCase[] = [
  {
    id: 'data/large-both-ways',
    title: '8 MiB go both ways unharmed, however they are cut',
    run: async (roles) => {
      const sent = pattern(8 * mebibyte);
      const odd: Wire = (batch) => {
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < batch.length; at += 65_521) chunks.push(batch.subarray(at, at + 65_521));
        return chunks;
      };
      const pair = await handshake(roles);
      pair.client.send(sent);
      pair.server.send(sent);
      await pair.pumpUntil(
        () => length(pair.serverSink.plaintexts) >= sent.length && length(pair.clientSink.plaintexts) >= sent.length,
        odd,
      );
      expect(isSame(pair.serverSink.received, sent)).toBe(true);
      expect(isSame(pair.clientSink.received, sent)).toBe(true);
    },
  },
  {
    id: 'data/one-byte-fragments',
    title: 'data arrives when every byte of its records comes by itself',
    run: async (roles) => {
      const sent = pattern(20_000);
      const pair = await handshake(roles);
      pair.client.send(sent);
      await pair.pumpUntil(() => length(pair.serverSink.plaintexts) >= sent.length, byteByByte);
      expect(isSame(pair.serverSink.received, sent)).toBe(true);
    },
  },
  {
    id: 'data/batches',
    title: 'one send is one call of the sink, and 64 KiB received are few',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.pump();
      for (const [engine, sink] of [
        [pair.client, pair.clientSink],
        [pair.server, pair.serverSink],
      ] as const) {
        engine.send(new Uint8Array(mebibyte));
        expect(sink.outgoing).toHaveLength(1);
        const ciphertext = join(sink.outgoing.splice(0));
        const [peer, peerSink] =
          engine === pair.client ? [pair.server, pair.serverSink] : [pair.client, pair.clientSink];
        peer.receive(ciphertext.subarray(0, 2 ** 16));
        expect(peerSink.plaintexts.length).toBeLessThanOrEqual(4);
        expect(length(peerSink.plaintexts)).toBeGreaterThanOrEqual(3 * 2 ** 14);
      }
    },
  },
  {
    id: 'data/buffers',
    title: 'buffers that are given to the engine are the caller’s again when the call returns',
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      const early = text('early');
      pair.client.send(early);
      early.fill(0);
      const scribble: Wire = (batch) => [batch];
      await pair.settle(scribble);
      const late = text(' late');
      pair.client.send(late);
      late.fill(0);
      const batches = pair.clientSink.outgoing.splice(0);
      for (const batch of batches) {
        const half = batch.length >>> 1;
        for (const part of [batch.slice(0, half), batch.slice(half)]) {
          pair.server.receive(part);
          part.fill(0);
        }
      }
      await pair.pumpUntil(() => pair.serverSink.text.length === 10);
      expect(pair.serverSink.text).toBe('early late');
    },
  },
  {
    id: 'data/empty-send',
    title: 'sending nothing sends nothing',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.pump();
      pair.client.send(new Uint8Array(0));
      expect(pair.clientSink.outgoing).toEqual([]);
    },
  },
  {
    id: 'close/both-ways',
    title: '§6.1 close_notify ends one direction, behind all data, and the other goes on',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.client.send(text('the last'));
      pair.client.close();
      pair.client.close();
      await pair.pumpUntil(() => pair.serverSink.closedCount > 0);
      expect(pair.serverSink.text).toBe('the last');
      expect(pair.serverSink.calls.at(-1)).toBe('closed');
      pair.server.send(text('an answer'));
      pair.server.close();
      await pair.pumpUntil(() => pair.clientSink.closedCount > 0);
      expect(pair.clientSink.text).toBe('an answer');
      pair.client.receiveEnd();
      pair.server.receiveEnd();
      expect([pair.clientSink.closedCount, pair.serverSink.closedCount]).toEqual([1, 1]);
      expect(pair.clientSink.failures.concat(pair.serverSink.failures)).toEqual([]);
    },
  },
  {
    id: 'close/early',
    title: 'close() before the handshake is done takes effect behind what was sent',
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      pair.client.send(text('request'));
      pair.client.close();
      await pair.pumpUntil(() => pair.serverSink.closedCount > 0);
      expect(pair.serverSink.text).toBe('request');
    },
  },
  {
    id: 'close/send-after',
    title: 'sending behind close() is ERR_TLS_API_MISUSE',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.client.close();
      expect(() => pair.client.send(text('too late'))).toThrow(expect.objectContaining({ code: 'ERR_TLS_API_MISUSE' }));
    },
  },
  {
    id: 'close/ignored-after',
    title: '§6.1 what comes behind close_notify is ignored',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.client.close();
      await pair.pumpUntil(() => pair.serverSink.closedCount > 0);
      pair.server.receive(text('anything at all'));
      expect(pair.serverSink.plaintexts).toEqual([]);
      expect(pair.serverSink.failures).toEqual([]);
    },
  },
  {
    id: 'key-update/both-ways',
    title: '§4.6.3 data arrives across any number of key updates of either side',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && bothHave('keyUpdate')(roles),
    run: async (roles) => {
      const pair = await handshake(roles, {}, 'TLSv1.3');
      pair.pump();
      for (let round = 0; round < 5; round += 1) {
        for (const engine of round % 2 === 0 ? [pair.client, pair.server] : [pair.server, pair.client])
          engine.requestKeyUpdate();
        pair.client.send(text('c'));
        pair.server.send(text('s'));
        pair.pump();
      }
      await pair.pumpUntil(() => pair.clientSink.text === 'sssss' && pair.serverSink.text === 'ccccc');
      expect(pair.clientSink.failures.concat(pair.serverSink.failures)).toEqual([]);
    },
  },
  {
    id: 'key-update/answers',
    title: '§4.6.3 answers to key updates that a side asks for itself are no flood, however little the other says',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && bothHave('keyUpdate')(roles),
    run: async (roles) => {
      const pair = await handshake(roles, {}, 'TLSv1.3');
      pair.pump();
      // Only the side that asks for the update sends data.
      const { client, server, clientSink, serverSink } = pair;
      for (const [engine, other] of [[client, serverSink] as const, [server, clientSink] as const]) {
        for (let round = 0; round < 100; round += 1) {
          engine.requestKeyUpdate();
          engine.send(text('x'));
          pair.pump();
        }
        await pair.pumpUntil(() => other.text.length === 100);
      }
      expect(clientSink.failures.concat(serverSink.failures)).toEqual([]);
    },
  },
  {
    id: 'key-update/too-early',
    title: 'a key update before the handshake is done is ERR_TLS_API_MISUSE',
    run: (roles) => {
      const pair = new MemoryPair(roles);
      expect(() => pair.client.requestKeyUpdate()).toThrow(expect.objectContaining({ code: 'ERR_TLS_API_MISUSE' }));
    },
  },
  {
    id: 'exporter/equal',
    title: '§7.5 both sides export the same keying material, other for another label, context or length',
    applies: bothHave('exporter'),
    run: async (roles) => {
      const { client, server } = await handshake(roles);
      const material = client.exportKeyingMaterial('EXPORTER-conformance', text('context'), 32);
      expect(material).toHaveLength(32);
      expect(isSame(server.exportKeyingMaterial('EXPORTER-conformance', text('context'), 32), material)).toBe(true);
      for (const other of [
        server.exportKeyingMaterial('EXPORTER-other', text('context'), 32),
        server.exportKeyingMaterial('EXPORTER-conformance', text('another'), 32),
        server.exportKeyingMaterial('EXPORTER-conformance', undefined, 32),
      ]) {
        expect(isSame(other, material)).toBe(false);
      }
    },
  },
  {
    id: 'exporter/too-early',
    title: 'exporting before the handshake is done is ERR_TLS_API_MISUSE',
    run: (roles) => {
      const pair = new MemoryPair(roles);
      expect(() => pair.client.exportKeyingMaterial('EXPORTER-conformance', undefined, 32)).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_API_MISUSE' }),
      );
    },
  },
  {
    id: 'lifecycle/start-twice',
    title: 'an engine is started once, and before anything is received',
    run: (roles) => {
      const pair = new MemoryPair(roles);
      expect(() => pair.client.start()).toThrow(expect.objectContaining({ code: 'ERR_TLS_API_MISUSE' }));
    },
  },
  {
    id: 'lifecycle/destroy',
    title: 'destroy() is idempotent, and nothing reaches the sink after it',
    run: async (roles) => {
      const pair = await handshake(roles);
      pair.pump();
      pair.server.send(text('on its way'));
      const calls = pair.clientSink.calls.length;
      pair.client.destroy();
      pair.client.destroy();
      expect(() => pair.client.receive(join(pair.serverSink.outgoing))).toThrow(TlsError);
      expect(pair.clientSink.calls).toHaveLength(calls);
    },
  },
];

function length(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

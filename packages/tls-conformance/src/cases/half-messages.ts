import type { ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { join, text } from '../memory-pair.ts';
import { canForge, recordType, RecordForger } from '../record-forger.ts';

/** A NewSessionTicket (RFC 8446 §4.6.1) whose lifetime is a second and whose ticket has eight bytes. */
const ticket = Uint8Array.from([4, 0, 0, 22, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0]);

/** Messages after the handshake that are spread over records (RFC 8446 §5.1); the rest may come late. */
export const halfMessageCases: readonly ConformanceCase[] = [
  {
    id: 'half-message/send',
    title: '§5.1 what a client sends, key updates and its close arrive, although half a ticket came before',
    applies: canForge('TLSv1.3'),
    run: async (roles) => {
      const forger = await RecordForger.open(roles, 'TLSv1.3');
      const { client, clientSink, server, serverSink } = forger.pair;
      forger.give('server', forger.seal('server', recordType.handshake, ticket.subarray(0, 10)));
      client.send(text('one, '));
      client.requestKeyUpdate();
      client.send(text('two'));
      client.close();
      expect(clientSink.failure).toBeUndefined();
      forger.give('server', forger.seal('server', recordType.handshake, ticket.subarray(10)));
      expect(clientSink.failure).toBeUndefined();
      expect(clientSink.sessions).toHaveLength(1);
      server.receive(join(clientSink.outgoing.splice(0)));
      expect(serverSink.failure).toBeUndefined();
      expect(serverSink.text).toBe('one, two');
      expect(serverSink.closedCount).toBe(1);
    },
  },
];

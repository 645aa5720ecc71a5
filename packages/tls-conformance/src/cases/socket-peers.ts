import { once } from 'node:events';
import { expect } from 'vitest';
import type { TlsSocket } from '@org/tls-core/node';
import type { ConformanceCase } from '../conformance-case.ts';
import { connectOver, connectTo, readAll, withServer, type BareClient } from '../socket-pair.ts';

/** A record of application data that no key fits. */
const garbageRecord = Buffer.from('170303001000112233445566778899aabbccddeeff', 'hex');

/** Peers that go away as peers do, and what that is for a server and for whoever holds the socket. */
export const socketPeerCases: readonly ConformanceCase[] = [
  ...(
    [
      ['ends without close_notify', ({ transport }) => transport.end(), 'ERR_TLS_TRUNCATED'],
      ['resets the connection', ({ transport }) => transport.resetAndDestroy(), 'ERR_TLS_TRANSPORT'],
      ['sends a record that no key fits', ({ transport }) => transport.write(garbageRecord), 'ERR_TLS_BAD_RECORD_MAC'],
    ] as const satisfies readonly (readonly [string, (client: BareClient) => void, string])[]
  ).map(([what, leave, code]): ConformanceCase => ({
    id: `socket/unheard-error/${code}`,
    title: `a client that ${what} is told to the server where nobody listens to its socket, and nothing is uncaught`,
    run: async (roles) => {
      await withServer(roles, async (server) => {
        server.on('secureConnection', (socket: TlsSocket) => socket.pipe(socket));
        const failed = once(server, 'connectionError');
        const client = await connectOver(server, roles);
        client.socket.write('x');
        await once(client.socket, 'data');
        leave(client);
        const [error, socket] = (await failed) as [unknown, TlsSocket];
        expect(error).toMatchObject({ code });
        expect(socket.destroyed).toBe(true);
        client.transport.destroy();
        const next = await connectTo(server, roles);
        next.end('still here');
        expect(Buffer.from(await readAll(next)).toString()).toBe('still here');
      });
    },
  })),
];

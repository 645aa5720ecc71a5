import { once } from 'node:events';
import type { TlsSocket } from '@org/tls-core/node';
import type { ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { isSame, pattern } from '../memory-pair.ts';
import { connectionsOf, connectTo, fill, withServer } from './socket-pair.ts';

/** Neither a record nor a read of the system ends where such a buffer does. */
const oddLength = 10_007;

/** What `onread` promises: bytes come in a buffer of the program's own, in order, and only while it wants them. */
export const socketOnReadCases: readonly ConformanceCase[] = [
  {
    id: 'socket/onread-whole',
    title: 'with `onread` 4 MiB come in one buffer of the program’s, whole and in order, also where it pauses',
    run: async (roles) => {
      const sent = pattern(4 * 2 ** 20);
      await withServer(roles, async (server) => {
        server.on('secureConnection', (socket: TlsSocket) => socket.end(sent));
        const buffer = new Uint8Array(oddLength);
        const received = new Uint8Array(sent.length);
        let [at, calls] = [0, 0];
        const callback = (length: number, given: Uint8Array): boolean => {
          expect(given).toBe(buffer);
          received.set(given.subarray(0, length), at);
          at += length;
          calls += 1;
          if (calls % 50 !== 0) return true;
          setImmediate(() => client.resume());
          return false;
        };
        const client = await connectTo(server, roles, { onread: { buffer, callback } });
        await once(client, 'end');
        expect(isSame(received.subarray(0, at), sent)).toBe(true);
      });
    },
  },
  {
    id: 'socket/onread-function',
    title: 'with a function in `onread` each call has a buffer of its own, which stays as it is',
    run: async (roles) => {
      const sent = pattern(2 ** 17);
      await withServer(roles, async (server) => {
        server.on('secureConnection', (socket: TlsSocket) => socket.end(sent));
        const parts: Uint8Array[] = [];
        const onread = {
          buffer: () => new Uint8Array(oddLength),
          callback: (length: number, given: Uint8Array) => parts.push(given.subarray(0, length)),
        };
        await once(await connectTo(server, roles, { onread }), 'end');
        expect(new Set(parts.map(({ buffer }) => buffer)).size).toBe(parts.length);
        expect(isSame(Buffer.concat(parts), sent)).toBe(true);
      });
    },
  },
  {
    id: 'socket/onread-alone',
    title: 'with `onread` a listener of `data` is not called, whether the program takes all at once or pauses',
    run: async (roles) => {
      const sent = pattern(2 ** 17);
      await withServer(roles, async (server) => {
        server.on('secureConnection', (socket: TlsSocket) => socket.end(sent));
        let [received, told] = [0, 0];
        const callback = (length: number): boolean => {
          received += length;
          if (received > 2 ** 16) return true;
          setImmediate(() => client.resume());
          return false;
        };
        const client = await connectTo(server, roles, { onread: { buffer: new Uint8Array(oddLength), callback } });
        client.on('data', () => (told += 1));
        await once(client, 'end');
        expect([received, told]).toEqual([sent.length, 0]);
      });
    },
  },
  {
    id: 'socket/onread-backpressure',
    title: 'a callback of `onread` that gives false is not called until `resume`, and holds the peer back',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        const accepted = once(server, 'secureConnection') as Promise<[TlsSocket]>;
        const buffer = new Uint8Array(oddLength);
        let received = 0;
        const callback = (length: number): boolean => {
          received += length;
          return received > oddLength;
        };
        const client = await connectTo(server, roles, { onread: { buffer, callback } });
        const [socket] = await accepted;
        const written = await fill(socket, pattern(2 ** 16));
        expect(received).toBe(oddLength);
        socket.end();
        client.resume();
        await once(client, 'end');
        expect(received).toBe(written);
      });
    },
  },
  {
    id: 'socket/onread-cut',
    title: 'with `onread` a connection that is cut is ERR_TLS_TRUNCATED, behind the data that came',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        const transports = connectionsOf(server);
        server.on('secureConnection', (socket: TlsSocket) => {
          socket.on('error', () => undefined);
          socket.write('half of', () => transports.forEach((transport) => transport.end()));
        });
        let received = '';
        const onread = {
          buffer: new Uint8Array(3),
          callback: (length: number, given: Uint8Array) => {
            received += Buffer.from(given.subarray(0, length)).toString();
          },
        };
        const client = await connectTo(server, roles, { onread });
        const [error] = (await once(client, 'error')) as [unknown];
        expect(error).toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
        expect(received).toBe('half of');
      });
    },
  },
];

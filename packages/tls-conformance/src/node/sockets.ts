import { once } from 'node:events';
import { connect as dialTcp, createServer as createTcpServer } from 'node:net';
import type { TlsSocket } from '@org/tls-core/node';
import type { ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { certificates, type FixtureName } from '../fixtures.ts';
import { identityOf, isSame, pattern } from '../memory-pair.ts';
import { connectionsOf, connectTo, listening, portOf, readAll, withServer } from './socket-pair.ts';

/** The contract over TCP on the loopback, through tls-core's Node adapter. */
export const socketCases: readonly ConformanceCase[] = [
  {
    id: 'socket/both-ways',
    title: '16 MiB go both ways at once over TCP, ends included',
    run: async (roles) => {
      const sent = pattern(16 * 2 ** 20);
      await withServer(roles, async (server) => {
        server.on('secureConnection', (socket: TlsSocket) => socket.end(sent));
        const accepted = once(server, 'secureConnection') as Promise<[TlsSocket]>;
        const client = await connectTo(server, roles);
        const [peer] = await accepted;
        client.end(sent);
        const [atClient, atServer] = await Promise.all([readAll(client), readAll(peer)]);
        expect(isSame(atClient, sent)).toBe(true);
        expect(isSame(atServer, sent)).toBe(true);
      });
    },
  },
  {
    id: 'socket/backpressure',
    title: 'a reader that stands still holds the writer back, and nothing is lost when it goes on',
    run: async (roles) => {
      const chunk = pattern(2 ** 16);
      const count = 1024;
      await withServer(roles, async (server) => {
        const accepted = once(server, 'secureConnection') as Promise<[TlsSocket]>;
        const client = await connectTo(server, roles);
        const [peer] = await accepted;
        peer.pause();
        let written = 0;
        while (written < count && client.write(chunk)) written += 1;
        written += 1;
        // The writer was told to stop long before 64 MiB, so that what it took is in bounded buffers.
        expect(written).toBeLessThan(count / 2);
        let received = 0;
        const whole = new Promise<void>((resolve) => {
          peer.on('data', (bytes: Uint8Array) => {
            received += bytes.length;
            if (received === written * chunk.length) resolve();
          });
          peer.resume();
        });
        await whole;
        client.destroy();
      });
    },
  },
  ...[2 ** 16, 100].map((length): ConformanceCase => ({
    id: `socket/backpressure-in-a-listener-${length}`,
    title: `who writes ${length} bytes at a time in a listener of \`data\`, for as long as it may, is told to wait`,
    run: async (roles) => {
      const chunk = pattern(length);
      await withServer(roles, async (server) => {
        let written = 0;
        const most = 2 ** 23;
        server.on('secureConnection', (socket: TlsSocket) => {
          socket.write('hello');
          socket.once('data', () => {
            socket.write('once more');
            // what comes now is given out inside of an event of the engine
            socket.once('data', () => {
              do written += length;
              while (socket.write(chunk) && written < most);
              socket.end();
            });
          });
        });
        const client = await connectTo(server, roles);
        for (const turn of ['first', 'second']) {
          await once(client, 'data');
          client.write(turn);
        }
        const received = await readAll(client);
        // what was written was bounded while nothing of it could leave
        expect(written).toBeLessThan(2 ** 19);
        expect(received.length).toBe(written);
      });
    },
  })),
  {
    id: 'socket/swap-identity',
    title: 'a server goes on with a renewed certificate, and connections that are open do not notice',
    applies: ({ certificate = 'ecdsa-p256' }) => certificate === 'ecdsa-p256',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        server.on('secureConnection', (socket: TlsSocket) => socket.pipe(socket));
        const before = await connectTo(server, roles);
        await server.setContext({ backend: roles.server, identity: identityOf('ecdsa-p384') });
        const after = await connectTo(server, roles);
        expect(isOf(before, 'ecdsa-p256') && isOf(after, 'ecdsa-p384')).toBe(true);
        for (const socket of [before, after]) {
          socket.write('still here');
          const [echo] = (await once(socket, 'data')) as [Buffer];
          expect(echo.toString()).toBe('still here');
          socket.end();
          await once(socket, 'close');
        }
      });
    },
  },
  {
    id: 'socket/half-close',
    title: 'a client that has ended its side still gets the answer',
    run: async (roles) => {
      await withServer(
        roles,
        async (server) => {
          server.on('secureConnection', (socket: TlsSocket) => {
            void readAll(socket).then((question) => socket.end(`${Buffer.from(question).toString()} is answered`));
          });
          const client = await connectTo(server, roles);
          client.end('the question');
          expect(Buffer.from(await readAll(client)).toString()).toBe('the question is answered');
        },
        { allowHalfOpen: true },
      );
    },
  },
  {
    id: 'socket/peer-ends-first',
    title: 'what is still to be written is written when the peer has already ended its side',
    run: async (roles) => {
      const sent = pattern(16 * 2 ** 20);
      await withServer(
        roles,
        async (server) => {
          const received = new Promise<Uint8Array>((resolve, reject) => {
            server.on('secureConnection', (socket: TlsSocket) => {
              socket.end('short');
              readAll(socket).then(resolve, reject);
            });
          });
          const client = await connectTo(server, roles);
          client.resume().end(sent);
          expect(isSame(await received, sent)).toBe(true);
        },
        { allowHalfOpen: true },
      );
    },
  },
  {
    id: 'socket/cut',
    title: 'a connection that is cut is ERR_TLS_TRUNCATED, behind the data that came',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        const transports = connectionsOf(server);
        server.on('secureConnection', (socket: TlsSocket) => {
          socket.on('error', () => undefined);
          socket.write('half of', () => transports.forEach((transport) => transport.end()));
        });
        const client = await connectTo(server, roles);
        const chunks: string[] = [];
        client.on('data', (bytes: Buffer) => chunks.push(bytes.toString()));
        const [error] = (await once(client, 'error')) as [unknown];
        expect(error).toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
        expect(chunks.join('')).toBe('half of');
      });
    },
  },
  {
    id: 'socket/timeout',
    title: 'a peer that says nothing is ERR_TLS_TIMEOUT for a client and for a server',
    run: async (roles) => {
      const silent = createTcpServer();
      await listening(silent);
      await expect(connectTo(silent, roles, { handshakeTimeout: 50 })).rejects.toMatchObject({
        code: 'ERR_TLS_TIMEOUT',
      });
      silent.close();
      await withServer(
        roles,
        async (server) => {
          const failed = once(server, 'tlsClientError');
          const client = dialTcp(portOf(server), '127.0.0.1');
          const [error] = (await failed) as [unknown];
          expect(error).toMatchObject({ code: 'ERR_TLS_TIMEOUT' });
          client.destroy();
        },
        { handshakeTimeout: 50 },
      );
    },
  },
  {
    id: 'socket/abort',
    title: 'a handshake that is aborted is ERR_TLS_ABORTED with the signal’s reason',
    run: async (roles) => {
      const silent = createTcpServer();
      await listening(silent);
      const reason = new Error('changed my mind');
      const controller = new AbortController();
      silent.once('connection', () => controller.abort(reason));
      await expect(connectTo(silent, roles, { signal: controller.signal })).rejects.toMatchObject({
        code: 'ERR_TLS_ABORTED',
        cause: reason,
      });
      silent.close();
    },
  },
  {
    id: 'socket/many',
    title: '200 connections at once are all served',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        server.on('secureConnection', (socket: TlsSocket) => socket.pipe(socket));
        const answers = await Promise.all(
          Array.from({ length: 200 }, async (_, index) => {
            const client = await connectTo(server, roles);
            client.end(`number ${index}`);
            return Buffer.from(await readAll(client)).toString();
          }),
        );
        expect(answers).toEqual(Array.from({ length: 200 }, (_, index) => `number ${index}`));
      });
    },
  },
  {
    id: 'socket/garbage',
    title: 'a server outlives clients that send garbage, and names what each did',
    run: async (roles) => {
      await withServer(roles, async (server) => {
        for (const [garbage, code] of [
          ['GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', 'ERR_TLS_NOT_TLS'],
          ['', 'ERR_TLS_TRUNCATED'],
        ] as const) {
          const failed = once(server, 'tlsClientError');
          const client = dialTcp(portOf(server), '127.0.0.1');
          client.on('error', () => undefined);
          client.end(garbage);
          const [error] = (await failed) as [unknown];
          expect(error).toMatchObject({ code });
          client.destroy();
        }
        server.on('secureConnection', (socket: TlsSocket) => socket.end('still here'));
        const client = await connectTo(server, roles);
        expect(Buffer.from(await readAll(client)).toString()).toBe('still here');
      });
    },
  },
];

/** Tells whether the server has shown this certificate. */
function isOf({ info }: TlsSocket, name: FixtureName): boolean {
  const leaf = Buffer.from(info?.peer?.chain[0] ?? []).toString('base64');
  return leaf !== '' && certificates[name].chainPem.replaceAll('\n', '').includes(leaf);
}

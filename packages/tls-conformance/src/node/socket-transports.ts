import { once } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { connect, secure, serverContext, whenSecure, type TlsSocket } from '@org/tls-core/node';
import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { identityOf } from '../memory-pair.ts';
import { clientOptions, dial, listening, portOf, readAll } from './socket-pair.ts';

/** What programs do with a TCP connection before they secure it. */
const states: readonly (readonly [id: string, what: string, prepare: (transport: Socket) => void])[] = [
  ['paused', 'that is paused', (transport) => void transport.pause()],
  ['corked', 'that is corked', (transport) => transport.cork()],
  ['readable', 'with a listener of `readable`', (transport) => void transport.on('readable', () => transport.read())],
  ['encoding', 'with an encoding', (transport) => void transport.setEncoding('utf8')],
  ['piped', 'that is piped elsewhere', (transport) => void transport.pipe(new PassThrough({ highWaterMark: 1 }))],
];

/** Cases of connections that were used for something else before they became TLS. */
export const socketTransportCases: readonly ConformanceCase[] = [
  ...states.map(([id, what, prepare]): ConformanceCase => ({
    id: `socket/transport-${id}`,
    title: `a client and a server secure a connection ${what}`,
    run: async (roles) => {
      await withPlainServer(roles, async (server, accept) => {
        const transport = await dial(server);
        prepare(transport);
        const accepted = accept(prepare);
        const client = secure(transport, await clientOptions(roles.client));
        await Promise.all([whenSecure(client), accepted]);
        await expectEcho(client, await accepted);
      });
    },
  })),
  ...(['unshift', 'head'] as const).map((how): ConformanceCase => ({
    id: `socket/transport-${how}`,
    title: `a server that has looked at the first bytes hands them on by ${how}`,
    run: async (roles) => {
      await withPlainServer(roles, async (server, _accept, secureServer) => {
        const looked = looksFirst(server, how, secureServer);
        const client = secure(await dial(server), await clientOptions(roles.client));
        await whenSecure(client);
        await expectEcho(client, await looked);
      });
    },
  })),
  {
    id: 'socket/target-refused',
    title: 'a name, a protocol or an ECHConfigList that the backend refuses is refused before anything is dialled',
    run: async (roles) => {
      await withPlainServer(roles, async (server) => {
        let dialled = 0;
        server.on('connection', () => (dialled += 1));
        const { context: tls } = await clientOptions(roles.client);
        for (const bad of [
          { serverName: 'bad name' },
          { serverName: 'localhost', alpnProtocols: [''] },
          { serverName: 'localhost', echConfigList: Uint8Array.of(0, 0) },
        ]) {
          await expect(connect({ host: '127.0.0.1', port: portOf(server), tls, ...bad })).rejects.toMatchObject({
            family: 'misuse',
          });
        }
        await dial(server).then((transport) => transport.destroy());
        expect(dialled).toBe(1);
      });
    },
  },
];

type SecureServer = (transport: Socket, head?: Uint8Array) => TlsSocket;
/** Secures the next connection that comes, after `prepare` was done with it. */
type Accept = (prepare: (transport: Socket) => void) => Promise<TlsSocket>;

async function withPlainServer(
  { server: backend, certificate = 'ecdsa-p256' }: Roles,
  use: (server: Server, accept: Accept, secureServer: SecureServer) => Promise<void>,
): Promise<void> {
  const context = await serverContext({ backend, identity: identityOf(certificate) });
  const server = createTcpServer();
  const connected: Socket[] = [];
  server.on('connection', (transport: Socket) => {
    transport.on('error', () => undefined);
    connected.push(transport);
  });
  await listening(server);
  const secured: TlsSocket[] = [];
  const secureServer: SecureServer = (transport, head) => {
    const socket = secure(transport, { context, head, handshakeTimeout: 0 });
    secured.push(socket);
    return socket;
  };
  const accept: Accept = async (prepare) => {
    const [transport] = connected.length > 0 ? connected : ((await once(server, 'connection')) as [Socket]);
    if (transport === undefined) throw new Error('there is no connection');
    prepare(transport);
    const socket = secureServer(transport);
    await whenSecure(socket);
    return socket;
  };
  try {
    await use(server, accept, secureServer);
  } finally {
    const closed = once(server, 'close');
    server.close();
    for (const each of [...secured, ...connected]) each.destroy();
    await closed;
  }
}

async function looksFirst(server: Server, how: 'unshift' | 'head', secureServer: SecureServer): Promise<TlsSocket> {
  const [transport] = (await once(server, 'connection')) as [Socket];
  const [first] = (await once(transport, 'data')) as [Buffer];
  transport.pause();
  if (how === 'unshift') transport.unshift(first);
  const socket = secureServer(transport, how === 'head' ? first : undefined);
  await whenSecure(socket);
  return socket;
}

async function expectEcho(client: TlsSocket, server: TlsSocket): Promise<void> {
  server.pipe(server);
  client.end('now in private');
  expect(Buffer.from(await readAll(client)).toString()).toBe('now in private');
}

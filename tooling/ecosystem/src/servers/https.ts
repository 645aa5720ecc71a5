import { once } from 'node:events';
import { createServer as createProxy } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { LibraryServer } from '../server.ts';

/** Node's own server, with a proxy beside it that knows the method CONNECT. */
export const nodeHttps: LibraryServer = {
  name: 'Node',
  start: async ({ identity }) => {
    const server = createServer({ cert: identity.certificateChain, key: identity.privateKey }, (request, response) => {
      response.setHeader('content-type', 'application/json');
      request.pipe(response);
    });
    const proxy = createProxy().on('connect', (request, client, head) => {
      const { hostname, port } = new URL(`tunnel://${request.url}`);
      const upstream = connect(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [client, upstream]) socket.on('error', () => [client, upstream].map((end) => end.destroy()));
    });
    // The two know neither connections in a handshake nor those that became a tunnel.
    const connections = new Set<Socket>();
    for (const each of [server, proxy]) each.on('connection', (connection: Socket) => connections.add(connection));
    const [port, proxyPort] = await Promise.all([listen(server), listen(proxy)]);
    return {
      port,
      env: { PROXY: `http://localhost:${proxyPort}` },
      [Symbol.asyncDispose]: async () => {
        const closed = Promise.all([server, proxy].map((each) => once(each.close(), 'close')));
        for (const connection of connections) connection.destroy();
        await closed;
      },
    };
  },
};

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { connect, createServer, type TlsSocket } from '@org/tls-core/node';
import { createBackend } from '../src/index.ts';
import { testPair } from './support/test-identity.ts';

it('carries 8 MiB both ways at once over TCP', async () => {
  const pair = await testPair();
  const backend = createBackend();
  const server = await createServer({ tls: { ...pair.server, backend } }, (socket) => socket.pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket: TlsSocket = await connect({
    host: '127.0.0.1',
    serverName: 'localhost',
    port: (server.address() as AddressInfo).port,
    tls: { ...pair.client, backend },
  });
  expect(socket).toMatchObject({ authorized: true, servername: 'localhost', alpnProtocol: false });
  expect(socket.getPeerCertificate()).toMatchObject({ subjectaltname: 'DNS:localhost' });
  const sent = Buffer.alloc(8 * 2 ** 20, 'pattern of bytes');
  const echoed: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => echoed.push(chunk));
  socket.end(sent);
  await once(socket, 'end');
  expect(Buffer.concat(echoed).equals(sent)).toBe(true);
  server.close();
  await once(server, 'close');
});

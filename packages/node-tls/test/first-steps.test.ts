import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test, describe } from 'vitest';
import net from 'node:net';
import nodeTls from 'node:tls';
import { connect, createServer, TLSSocket } from '../src/index.ts';
import { backends, close, listen, root, serverOptions } from './support.ts';

describe.each(backends)('%s', (_name, backend) => {
  test('a client and a server of this package talk to each other', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.pipe(socket));
    const port = await listen(server);
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: root.certificatePem, backend });
    expect(socket).toBeInstanceOf(net.Socket);
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    socket.end('hello');
    expect(await text(socket)).toBe('hello');
    await close(server);
  });

  test('a client of this package talks to a server of Node', async () => {
    const server = nodeTls.createServer(serverOptions, (socket) => socket.end('hello'));
    const port = await listen(server);
    const socket = connect(port, '127.0.0.1', { servername: 'localhost', ca: root.certificatePem, backend });
    expect(await text(socket)).toBe('hello');
    expect(socket).toBeInstanceOf(TLSSocket);
    await close(server);
  });

  test('a server that is not trusted is refused with the code of Node', async () => {
    const server = createServer({ ...serverOptions, backend });
    const port = await listen(server);
    const failed = once(server, 'tlsClientError');
    const socket = connect(port, '127.0.0.1', { servername: 'localhost', backend });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    await failed;
    await close(server);
  });
});

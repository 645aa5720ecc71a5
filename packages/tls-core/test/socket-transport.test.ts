import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, request } from 'node:http';
import { connect, createServer, Socket, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { secure, transportOver, whenSecure, type TlsSocket } from '../src/node/index.ts';
import type { TransportSink } from '../src/node/transport.ts';
import { scriptedClient, scriptedServer } from './support/scripted-backend.ts';
import { asDuplex, closed, sinkhole, tcpPair, turn } from './support/transports.ts';

afterEach(() => vi.restoreAllMocks());

function secured(transport: Socket, options = {}): TlsSocket {
  return secure(transport, { context: scriptedClient().context, serverName: 'localhost', ...options });
}

async function listening(server: Server, ...where: readonly [string] | readonly [number, string]): Promise<Server> {
  server.listen(...(where as [string]));
  await once(server, 'listening');
  return server;
}

/** Gives what a net.Socket stands for, which a test can make another runtime's. */
function handleOf(socket: Socket): { useUserBuffer: (() => never) | undefined } {
  const { _handle: handle } = socket as unknown as { _handle: { useUserBuffer: (() => never) | undefined } };
  return handle;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function textOf(socket: TlsSocket, length: number): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.length >= length) break;
  }
  return text;
}

/** Writes until the system takes no more at once, and gives how much that was. */
async function fill(socket: TlsSocket): Promise<number> {
  let written = 0;
  for (let turns = 0; turns < 3; await turn()) {
    turns = socket.writableLength > 2 ** 16 ? turns + 1 : 0;
    if (turns > 0) continue;
    socket.write(Buffer.alloc(2 ** 16, 'x'));
    written += 2 ** 16;
  }
  return written;
}

describe('a TlsSocket moves its bytes past the streams of', () => {
  it('a socket that a server accepted, and one that is still connecting', async () => {
    const server = await listening(createServer(), 0, '127.0.0.1');
    const accepting = once(server, 'connection') as Promise<[Socket]>;
    const dialled = secured(connect(portOf(server), '127.0.0.1'));
    dialled.write('written before there is a connection');
    const [connection] = await accepting;
    const accepted = secure(connection, { context: scriptedServer().context });
    expect([dialled.transportKind, accepted.transportKind]).toEqual(['socket', 'socket']);
    expect(await textOf(accepted, 36)).toBe('written before there is a connection');
    accepted.write('and answered');
    expect(await textOf(dialled, 12)).toBe('and answered');
    dialled.destroy();
    server.close();
  });

  it('a socket that is told to connect later', async () => {
    const server = await listening(
      createServer((socket) => socket.end('hello\u00ff', 'latin1')),
      0,
      '127.0.0.1',
    );
    const below = new Socket();
    const socket = secured(below);
    expect(socket.transportKind).toBe('socket');
    below.connect(portOf(server), '127.0.0.1');
    expect(await textOf(socket, 5)).toBe('hello');
    socket.destroy();
    server.close();
  });

  it('a Unix domain socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tls-path-'));
    const server = await listening(
      createServer((connection) => secure(connection, { context: scriptedServer().context }).end('hello')),
      join(folder, 'socket'),
    );
    const socket = secured(connect(join(folder, 'socket')));
    expect(socket.transportKind).toBe('socket');
    expect(await textOf(socket, 5)).toBe('hello');
    socket.destroy();
    server.close();
    await once(server, 'close');
    await rm(folder, { recursive: true });
  });

  it('the connection of a client’s HTTP upgrade', async () => {
    const web = createHttpServer();
    web.on('upgrade', (_request, connection: Socket, head: Buffer) => {
      connection.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: tls\r\nConnection: upgrade\r\n\r\n');
      // node:http leaves methods of its own at the connection
      const socket = secure(connection, { context: scriptedServer().context, head });
      socket.pipe(socket);
    });
    await listening(web, 0, '127.0.0.1');
    const asked = request({ port: portOf(web), headers: { upgrade: 'tls', connection: 'upgrade' } });
    asked.end();
    const [, connection, head] = (await once(asked, 'upgrade')) as [unknown, Socket, Buffer];
    const socket = secured(connection, { head });
    expect(socket.transportKind).toBe('socket');
    socket.write('echo');
    expect(await textOf(socket, 4)).toBe('echo');
    socket.destroy();
    web.close();
  });
});

describe('a TlsSocket goes through the streams of', () => {
  it.each<[string, () => Promise<Socket>]>([
    [
      'a subclass of net.Socket',
      async () => {
        const server = await listening(createServer(), 0, '127.0.0.1');
        const subclass = new (class extends Socket {})();
        subclass.connect(portOf(server), '127.0.0.1', () => server.close());
        return subclass;
      },
    ],
    ['a socket with a method of the program’s', async () => asDuplex((await tcpPair())[0])],
    [
      'a socket with an `onread` of the program’s',
      async () => {
        const server = await listening(createServer(), 0, '127.0.0.1');
        const onread = { buffer: new Uint8Array(9), callback: () => true };
        return connect({ port: portOf(server), host: '127.0.0.1', onread }, () => server.close());
      },
    ],
    [
      'a socket in which something waits to be written',
      async () => {
        const [near] = await tcpPair();
        near.cork();
        near.write('waits');
        return near;
      },
    ],
    [
      'a socket whose handle has no `useUserBuffer`',
      async () => {
        const [near] = await tcpPair();
        handleOf(near).useUserBuffer = undefined;
        return near;
      },
    ],
  ])('%s', async (_what, make) => {
    const below = await make();
    expect(transportOver(below).kind).toBe('duplex');
    below.destroy();
  });

  it('any other Duplex', () => {
    expect(secured(sinkhole() as Socket).transportKind).toBe('duplex');
  });
});

describe('over a socket past its streams', () => {
  it('many connections share one buffer for reading, and none gets what came for another', async () => {
    const pairs = await Promise.all(Array.from({ length: 20 }, () => tcpPair()));
    const read = pairs.map(async ([near, far], index) => {
      const socket = secured(near);
      const text = String.fromCodePoint(65 + index).repeat(200_000);
      far.write(text);
      expect(await textOf(socket, text.length)).toBe(text);
      socket.destroy();
    });
    await Promise.all(read);
  });

  it('what one tick writes is one write for the system, in its order', async () => {
    const [near, far] = await tcpPair();
    const socket = secured(near);
    await whenSecure(socket);
    const writes = vi.spyOn(Socket.prototype, '_write');
    for (const part of ['a', 'b', 'c']) socket.write(part);
    await turn();
    expect(writes.mock.calls.map(([bytes]) => Buffer.from(bytes as Uint8Array).toString())).toEqual(['abc']);
    expect(String((await once(far, 'data'))[0])).toBe('abc');
    socket.destroy();
  });

  it('what a listener writes goes out when it has returned, as one write', async () => {
    const [near, far] = await tcpPair();
    const socket = secured(near);
    await whenSecure(socket);
    const writes = vi.spyOn(Socket.prototype, '_write');
    let during: number | undefined;
    socket.on('data', () => {
      for (const part of ['a', 'b']) socket.write(part);
      during = writes.mock.calls.length;
    });
    far.write('?');
    expect(String((await once(far, 'data'))[0])).toBe('ab');
    expect([during, writes.mock.contexts.filter((each) => each === near)]).toEqual([expect.any(Number), [near]]);
    socket.destroy();
  });

  it('what a listener has written goes out although it throws then', async () => {
    const [near, far] = await tcpPair();
    const socket = secured(near);
    const bug = new Error('bug of the application');
    socket.on('data', () => {
      socket.write('answer');
      throw bug;
    });
    const thrown = new Promise((resolve) => {
      process.setUncaughtExceptionCaptureCallback((error) => {
        process.setUncaughtExceptionCaptureCallback(null);
        resolve(error);
      });
    });
    far.write('?');
    expect(await thrown).toBe(bug);
    expect(String((await once(far, 'data'))[0])).toBe('answer');
    socket.destroy();
  });

  it('what the system does not take at once arrives whole, and the writer is told when to go on', async () => {
    const [near, far] = await tcpPair();
    const socket = secured(near);
    await whenSecure(socket);
    const written = await fill(socket);
    let received = 0;
    far.on('data', (chunk: Buffer) => (received += chunk.length));
    await once(socket, 'drain');
    socket.end();
    await once(far, 'end');
    expect(received).toBe(written + 1);
    socket.destroy();
  });

  it('`end` is finished when the system has all that was written', async () => {
    const [near, far] = await tcpPair();
    const socket = secured(near);
    await whenSecure(socket);
    const written = await fill(socket);
    socket.end();
    for (let index = 0; index < 3; index += 1) await turn();
    expect(socket.writableFinished).toBe(false);
    let received = 0;
    far.on('data', (chunk: Buffer) => (received += chunk.length));
    await once(socket, 'finish');
    await once(far, 'end');
    expect(received).toBe(written + 1);
    socket.destroy();
  });

  it.each<[string, (socket: TlsSocket) => unknown]>([
    ['resetAndDestroy()', (socket) => socket.resetAndDestroy()],
    ['destroy(error)', (socket) => socket.on('error', () => undefined).destroy(new Error('enough'))],
  ])('%s drops what the system has not taken', async (_what, leave) => {
    const [near, far] = await tcpPair();
    far.on('error', () => undefined);
    const socket = secured(near);
    await whenSecure(socket);
    const written = await fill(socket);
    leave(socket);
    await closed(socket);
    await closed(near);
    let received = 0;
    far.on('data', (chunk: Buffer) => (received += chunk.length));
    await closed(far.on('end', () => far.end()));
    expect(received).toBeLessThan(written);
  });

  it('destroy() while the system still has something to take lets it arrive, for a peer that reads', async () => {
    const [near, far] = await tcpPair();
    const { context } = scriptedClient();
    const socket = secure(near, { context, serverName: 'localhost' });
    await whenSecure(socket);
    // so much is more than the system takes at once, and less than makes the writer wait
    let written = 0;
    const writes = vi.spyOn(Socket.prototype, '_write');
    for (; socket.writableLength === 0 && written < 2 ** 24; written += 2 ** 14) socket.write(Buffer.alloc(2 ** 14));
    expect(writes).toHaveBeenCalled();
    socket.destroy();
    let received = 0;
    far.on('data', (chunk: Buffer) => (received += chunk.length)).on('error', () => undefined);
    await closed(far.on('end', () => far.end()));
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThanOrEqual(written + 1);
  });

  it('a write that fails destroys the connection, and the socket says so', async () => {
    const [near, far] = await tcpPair();
    const socket = secured(near);
    await whenSecure(socket);
    const cause = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    vi.spyOn(Socket.prototype, '_write').mockImplementationOnce((_bytes, _encoding, done) => done(cause));
    const failed = once(socket, 'error');
    socket.write('x');
    expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_TLS_TRANSPORT', cause })]);
    expect(near.destroyed).toBe(true);
    far.destroy();
  });

  it('a connection that cannot be made fails what was written before', async () => {
    const server = await listening(createServer(), 0, '127.0.0.1');
    const port = portOf(server);
    server.close();
    await once(server, 'close');
    const socket = secured(connect(port, '127.0.0.1'));
    const failed = once(socket, 'error');
    socket.write('never');
    expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_TLS_TRANSPORT' })]);
    await closed(socket);
  });

  it('the time-out, the counts and the addresses of the connection below are as ever', async () => {
    const [near, far] = await tcpPair();
    near.setTimeout(2 ** 30);
    const socket = secured(near);
    await whenSecure(socket);
    far.write('12345');
    expect(await textOf(socket, 5)).toBe('12345');
    socket.write('1234567');
    await once(far, 'data');
    expect([near.bytesRead, near.bytesWritten, socket.bytesRead, socket.bytesWritten]).toEqual([5, 7, 5, 7]);
    expect([near.timeout, socket.remotePort]).toEqual([2 ** 30, far.localPort]);
    socket.destroy();
    await closed(near);
    far.destroy();
  });

  it('what is done to the connection below afterwards is done: pause, resume, write, end', async () => {
    const [near, far] = await tcpPair();
    const socket = secured(near);
    await whenSecure(socket);
    socket.write('first ');
    await turn();
    near.write('second');
    expect(String((await once(far, 'data'))[0])).toBe('first second');
    near.pause();
    far.write('waits');
    for (let index = 0; index < 3; index += 1) await turn();
    expect(socket.readableLength).toBe(0);
    near.resume();
    expect(await textOf(socket, 5)).toBe('waits');
    near.end();
    await once(far.resume(), 'end');
    socket.destroy();
    far.destroy();
  });

  it('a runtime whose handles only throw is read through its stream', async () => {
    const [near, far] = await tcpPair();
    handleOf(near).useUserBuffer = () => {
      throw new Error('not implemented');
    };
    const socket = secured(near);
    far.write('hello');
    expect(await textOf(socket, 5)).toBe('hello');
    socket.destroy();
    far.destroy();
  });

  it.each([
    ['before it was read', false],
    ['after it was read', true],
  ])('a transport that is given back %s gives its bytes to whoever listens', async (_when, isRead) => {
    const [near, far] = await tcpPair();
    const transport = transportOver(near);
    const got: string[] = [];
    const sink: TransportSink = {
      bytes: (bytes) => got.push(Buffer.from(bytes).toString()),
      ended: () => undefined,
      closed: () => undefined,
      drained: () => undefined,
      failed: () => undefined,
    };
    transport.open(sink);
    if (isRead) {
      transport.resume();
      far.write('ours');
      while (got.length === 0) await turn();
    }
    transport.release();
    far.write('theirs');
    const [chunk] = (await once(near, 'data')) as [Buffer];
    expect([got, String(chunk)]).toEqual([isRead ? ['ours'] : [], 'theirs']);
    near.destroy();
    far.destroy();
  });
});

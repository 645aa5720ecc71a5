import { once } from 'node:events';
import net from 'node:net';
import { createRoot } from '@org/pki';
import { MemorySessionStore, type TlsBackend, type TlsClientContext } from '@org/tls-core';
import { connect, whenSecure } from '@org/tls-core/node';
import { describe, expect, test } from 'vitest';
import { beginEarly, type EarlyOptions, type EarlySocket } from '../src/early-socket.ts';
import { backends } from './backends.ts';
import { startEarlyServer, type EarlyServer } from './early-server.ts';
import { failureOf } from './failure.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });

describe.each(backends)('an early socket over %s', (_name, backend) => {
  test('sends early what is written before its gate is closed, and the rest behind the handshake', async () => {
    await using server = await startEarlyServer(backend, leaf);
    const socket = await begin(server, await warmContext(backend, server));
    expect(socket.isEarly).toBe(true);
    expect([socket.secureConnecting, socket.alpnProtocol]).toEqual([false, false]);
    socket.write('GET / HTTP/1.1\r\n');
    socket.write('host: localhost\r\n');
    socket.endEarlyData();
    expect(socket.sendsEarly).toBe(false);
    socket.write('late: 1\r\n');
    socket.write('\r\n');
    const info = await whenSecure(socket);
    expect(info.earlyData).toBe('accepted');
    await once(socket, 'data');
    expect(server.arrived[1]).toEqual({
      early: 'GET / HTTP/1.1\r\nhost: localhost\r\n',
      late: 'late: 1\r\n\r\n',
    });
    socket.destroy();
  });

  test('keeps the order where more is written than the session allows', async () => {
    await using server = await startEarlyServer(backend, leaf);
    server.configure({ maxEarlyData: 10 });
    const socket = await begin(server, await warmContext(backend, server));
    for (const part of ['GET / HT', 'TP/1.1\r\n', '\r\n']) socket.write(part);
    await whenSecure(socket);
    await once(socket, 'data');
    expect(server.arrived[1]).toEqual({ early: 'GET / HT', late: 'TP/1.1\r\n\r\n' });
    socket.destroy();
  });

  test('is a socket that waits for its handshake where there is no session', async () => {
    await using server = await startEarlyServer(backend, leaf);
    const { context, store } = { ...(await warmContext(backend, server)), store: new MemorySessionStore() };
    const socket = await begin(server, { context, store });
    expect([socket.isEarly, socket.sendsEarly, socket.secureConnecting]).toEqual([false, false, true]);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'data');
    expect(server.arrived[1]).toEqual({ early: '', late: 'GET / HTTP/1.1\r\n\r\n' });
    socket.destroy();
  });

  test('tells whoever waits for a write that the handshake failed', async () => {
    await using server = await startEarlyServer(backend, leaf);
    const warm = await warmContext(backend, server);
    const silent = net.createServer((below) => void below.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const abort = new AbortController();
    const socket = await begin({ port: (silent.address() as net.AddressInfo).port }, { ...warm, signal: abort.signal });
    socket.endEarlyData();
    const failed = once(socket, 'error') as Promise<[Error]>;
    const written = new Promise<unknown>((resolve) => socket.write('held', resolve));
    abort.abort();
    expect((await failed)[0]).toMatchObject({ code: 'ERR_TLS_ABORTED' });
    expect(await written).toMatchObject({ code: 'ERR_TLS_ABORTED' });
    silent.close();
    await once(silent, 'close');
  });

  test('closes its connection where the engine refuses the name', async () => {
    const context = backend.createClientContext({ trust: root.certificatePem });
    const below = new net.Socket();
    const options = optionsOf({ context, store: new MemorySessionStore() });
    const beginning = beginEarly({ ...options, serverName: 'bad name' }, async () => below);
    expect(await failureOf(beginning)).toMatchObject({ code: 'ERR_TLS_CONFIG' });
    expect(below.destroyed).toBe(true);
  });
});

interface Warm {
  readonly context: TlsClientContext;
  readonly store: MemorySessionStore;
  readonly signal?: AbortSignal;
}

/** Makes a context, and gets a session for it. */
async function warmContext(backend: TlsBackend, { port }: EarlyServer): Promise<Warm> {
  const context = backend.createClientContext({ trust: root.certificatePem });
  const store = new MemorySessionStore();
  const socket = await connect({ host: 'localhost', port, tls: context, sessionStore: store });
  socket.write('GET / HTTP/1.1\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  return { context, store };
}

function optionsOf({ context, store, signal = new AbortController().signal }: Warm): EarlyOptions {
  const alpnProtocols = ['http/1.1'];
  return { context, serverName: 'localhost', alpnProtocols, sessionStore: store, signal, handshakeTimeout: undefined };
}

async function begin({ port }: { readonly port: number }, warm: Warm): Promise<EarlySocket> {
  return beginEarly(optionsOf(warm), async () => {
    const below = net.connect({ host: '127.0.0.1', port });
    await once(below, 'connect');
    return below;
  });
}

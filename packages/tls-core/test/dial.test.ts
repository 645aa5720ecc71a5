import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dial, type DialOptions } from '../src/node/index.ts';

async function greeter(where: ListenOptions): Promise<Server & AsyncDisposable> {
  const server = createServer((socket) => void socket.end('hello'));
  server.listen(where);
  await once(server, 'listening');
  return server;
}

const loopback = { host: '127.0.0.1', port: 0 };

it('dial refuses an option that it does not know, and those that contradict each other', async () => {
  await expect(dial({ ...loopback, tyop: 1 } as DialOptions)).rejects.toThrow(TypeError);
  await expect(dial({ ...loopback, path: 'socket' })).rejects.toThrow(TypeError);
  await expect(dial({ ...loopback, connectTimeout: -1 })).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
});

it('dial rejects when nobody is there, and when it is aborted before', async () => {
  await using server = await greeter(loopback);
  const { port } = server.address() as AddressInfo;
  const signal = AbortSignal.abort();
  await expect(dial({ host: '127.0.0.1', port, signal })).rejects.toMatchObject({ code: 'ERR_TLS_ABORTED' });
  await server[Symbol.asyncDispose]();
  const nobody = dial({ host: '127.0.0.1', port });
  await expect(nobody).rejects.toMatchObject({ code: 'ERR_TLS_TRANSPORT', nodeCode: 'ECONNREFUSED' });
});

it('dial gives a connection of TCP and one to a Unix domain socket', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dial-'));
  const path = join(folder, 'socket');
  await using tcp = await greeter(loopback);
  await using unix = await greeter({ path });
  expect(unix.listening).toBe(true);
  const { port } = tcp.address() as AddressInfo;
  for (const target of [{ host: '127.0.0.1', port }, { path }]) {
    const socket = await dial(target);
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).toBe('hello');
    socket.destroy();
  }
  await rm(folder, { recursive: true });
});

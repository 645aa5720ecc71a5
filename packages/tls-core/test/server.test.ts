import { once } from 'node:events';
import { connect as dialTcp, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { TlsError, type TlsServerContext } from '../src/index.ts';
import { createServer, type TlsServer, type TlsSocket } from '../src/node/index.ts';
import { scriptedServer } from './support/scripted-backend.ts';

async function listening(tls: TlsServerContext): Promise<readonly [TlsServer, Socket]> {
  const server = await createServer({ tls });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = dialTcp((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined).resume();
  return [server, client];
}

it('a server tells the warnings of its connections', async () => {
  const { context, engine } = scriptedServer();
  const [server] = await listening(context);
  const [socket] = (await once(server, 'secureConnection')) as [TlsSocket];
  const warning = new TlsError('ERR_TLS_HOOK', 'scripted');
  const told = once(server, 'tlsWarning');
  engine().sink.warning?.(warning);
  expect(await told).toEqual([warning, socket]);
  await server[Symbol.asyncDispose]();
});

it('a server tells a failure to whoever listens to the socket, and only then', async () => {
  const { context, engine } = scriptedServer();
  const [server] = await listening(context);
  const [socket] = (await once(server, 'secureConnection')) as [TlsSocket];
  const reason = new TlsError('ERR_TLS_DECODE', 'scripted');
  const unheard: unknown[] = [];
  server.on('connectionError', (error) => unheard.push(error));
  const heard = once(socket, 'error');
  engine().script(reason);
  expect(await heard).toEqual([reason]);
  expect(unheard).toEqual([]);
  await server[Symbol.asyncDispose]();
});

it('a server outlives a backend that cannot begin a handshake, and closes that connection', async () => {
  const { context } = scriptedServer();
  const fault = new Error('out of memory');
  const [server, client] = await listening({
    ...context,
    createEngine: () => {
      throw fault;
    },
  });
  const failed = once(server, 'tlsClientError');
  await once(client, 'close');
  const [error, transport] = (await failed) as [unknown, Socket];
  expect(error).toMatchObject({ code: 'ERR_TLS_BACKEND', cause: fault });
  expect(transport.destroyed).toBe(true);
  await server[Symbol.asyncDispose]();
});

it('closeAllConnections does not wait for a peer that does not take its alert', async () => {
  const { context, engine } = scriptedServer(false);
  const [server, client] = await listening(context);
  client.pause();
  await once(server, 'connection');
  const failed = once(server, 'tlsClientError');
  engine().fail(new TlsError('ERR_TLS_DECODE', 'scripted'));
  await failed;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  expect(await closed).toEqual([]);
  client.destroy();
});

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { TlsError, type ClientEngineOptions, type TlsClientContext } from '../src/index.ts';
import { connect, secure } from '../src/node/index.ts';
import { scriptedClient } from './support/scripted-backend.ts';
import { sinkhole } from './support/transports.ts';

/** A context that refuses what `judge` throws on, when an engine is made. */
function judging(judge: (options: ClientEngineOptions) => void): TlsClientContext {
  const { context } = scriptedClient();
  return {
    ...context,
    createEngine: (options, sink) => {
      judge(options);
      return context.createEngine(options, sink);
    },
  };
}

/** A server that nobody may dial. */
async function untouched(): Promise<{ readonly server: Server; readonly port: number; readonly count: () => number }> {
  let count = 0;
  const server = createTcpServer(() => (count += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, count: () => count };
}

it('connect does not dial for what the backend refuses', async () => {
  const { server, port, count } = await untouched();
  const refusal = new TlsError('ERR_TLS_CONFIG', 'scripted', { option: 'serverName' });
  const tls = judging(() => {
    throw refusal;
  });
  await expect(connect({ host: '127.0.0.1', port, tls })).rejects.toBe(refusal);
  server.close();
  await once(server, 'close');
  expect(count()).toBe(0);
});

it('connect closes what it has dialled when the backend refuses after all', async () => {
  const { server, port } = await untouched();
  const refusal = new TypeError('refused the second time');
  let asked = 0;
  const tls = judging(() => {
    asked += 1;
    if (asked > 1) throw refusal;
  });
  const accepted = once(server, 'connection');
  await expect(connect({ host: '127.0.0.1', port, tls })).rejects.toBe(refusal);
  const [transport] = (await accepted) as [NodeJS.ReadWriteStream];
  transport.resume();
  await once(transport, 'end');
  server.close();
  await once(server, 'close');
});

it('connect rejects when the connection fails in the turn in which it is made, and no error is left to nobody', async () => {
  const { server, port } = await untouched();
  const failInTheSameTurn = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    socket.once('connect', () => socket.destroy(new Error('a reset')));
  };
  subscribe('net.client.socket', failInTheSameTurn);
  try {
    await expect(connect({ host: '127.0.0.1', port, tls: scriptedClient().context })).rejects.toMatchObject({
      code: 'ERR_TLS_TRANSPORT',
    });
  } finally {
    unsubscribe('net.client.socket', failInTheSameTurn);
  }
  server.close();
  await once(server, 'close');
});

it.each([
  ['connectTimeout', Number.NaN, { code: 'ERR_TLS_CONFIG', option: 'connectTimeout' }],
  ['handshakeTimeout', 2 ** 31, { code: 'ERR_TLS_CONFIG', option: 'handshakeTimeout' }],
  ['connectTimeout', 'soon', { name: 'TypeError' }],
  ['earlyData', 'text', { name: 'TypeError' }],
  ['signal', {}, { name: 'TypeError' }],
])('connect refuses %s: %s before it dials', async (option, value, expected) => {
  const { server, port, count } = await untouched();
  const { context: tls } = scriptedClient();
  await expect(connect({ host: '127.0.0.1', port, tls, [option]: value })).rejects.toMatchObject(expected);
  server.close();
  await once(server, 'close');
  expect(count()).toBe(0);
});

it.each([
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:192.0.2.1%2', '::ffff:192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['localhost', 'localhost'],
  ['100%.example', '100%.example'],
])('RFC 4007 §11 a zone is no part of the address that is verified: %s', (serverName, expected) => {
  const asked: string[] = [];
  const context = judging((options) => asked.push(options.serverName));
  const socket = secure(sinkhole(), { context, serverName });
  expect(asked).toEqual([expected]);
  expect(socket.servername).toBe(expected);
  socket.destroy();
});

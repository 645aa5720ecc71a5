import { once } from 'node:events';
import { expect, it } from 'vitest';
import { connect, type ConnectOverOptions } from '../src/node/index.ts';
import { scriptedClient } from './support/scripted-backend.ts';
import { sinkhole } from './support/transports.ts';

const { context: tls } = scriptedClient();
const serverName = 'example.test';

it('connect fails with what its transport fails with', async () => {
  const refusal = new Error('the proxy said no');
  const transport = () => Promise.reject(refusal);
  await expect(connect({ tls, serverName, transport })).rejects.toBe(refusal);
});

it('connect does the handshake over the transport that it is given, and closes it when it is aborted', async () => {
  const duplex = sinkhole();
  const closed = once(duplex, 'close');
  const abort = new AbortController();
  const { context: unfinished } = scriptedClient(false);
  const connecting = connect({
    tls: unfinished,
    serverName,
    signal: abort.signal,
    transport: async () => {
      queueMicrotask(() => abort.abort());
      return Promise.resolve(duplex);
    },
  });
  await expect(connecting).rejects.toMatchObject({ code: 'ERR_TLS_ABORTED' });
  await closed;
  expect(duplex.destroyed).toBe(true);
});

it('connect asks for no transport when it is aborted before, or for a name that cannot be', async () => {
  let asked = 0;
  const transport = () => {
    asked += 1;
    return Promise.resolve(sinkhole());
  };
  const signal = AbortSignal.abort();
  await expect(connect({ tls, serverName, transport, signal })).rejects.toMatchObject({ code: 'ERR_TLS_ABORTED' });
  const unnamed = { tls, transport } as unknown as ConnectOverOptions;
  await expect(connect(unnamed)).rejects.toThrow(TypeError);
  expect(asked).toBe(0);
});

it.each(['host', 'port', 'path', 'localAddress', 'connectTimeout'])(
  'connect refuses an option of dialling beside a transport: %s',
  async (option) => {
    const transport = () => Promise.resolve(sinkhole());
    const options: ConnectOverOptions = { tls, serverName, transport, [option]: 1 };
    await expect(connect(options)).rejects.toThrow(TypeError);
  },
);

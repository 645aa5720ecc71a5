import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { connect, createServer, type TLSSocket } from '../src/index.ts';
import { backends, close, clientErrorOf, failureOf, listen, serverOptions } from './support.ts';

const key = Buffer.alloc(32, 7);

describe.each(backends)('pskCallback over %s', (_name, backend) => {
  test('pskCallback of both sides agrees on a key, and no certificate is shown', async () => {
    const asked: string[] = [];
    const server = createServer({
      backend,
      pskCallback: (_socket, identity) => {
        asked.push(identity);
        return identity === 'known' ? key : null;
      },
    });
    const port = await listen(server);
    const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
    const socket = connect({
      port,
      backend,
      pskCallback: (hint: unknown) => (hint === null ? { psk: key, identity: 'known' } : null),
    });
    await once(socket, 'secureConnect');
    await accepted;
    expect(asked).toEqual(['known']);
    expect(socket.authorized).toBe(true);
    expect(socket.getPeerCertificate()).toEqual({});
    socket.destroy();
    await close(server);
  });

  test('pskCallback without a key for the identity leaves the certificate', async () => {
    const server = createServer({ ...serverOptions, backend, pskCallback: () => null });
    const port = await listen(server);
    const error = await failureOf({ port, backend, pskCallback: () => ({ psk: key, identity: 'unknown' }) });
    expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    await close(server);
  });

  test('pskCallback that answers nonsense ends the handshake with Node’s code', async () => {
    const server = createServer({ ...serverOptions, backend, pskCallback: () => 'text' as never });
    const port = await listen(server);
    const told = clientErrorOf(server);
    await failureOf({ port, backend, pskCallback: () => ({ psk: key, identity: 'any' }) });
    expect(await told).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    const error = await failureOf({ port, backend, pskCallback: () => ({ psk: 'text' as never, identity: 'any' }) });
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    await close(server);
  });
});

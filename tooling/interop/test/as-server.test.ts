import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TlsBackend } from '@org/tls-core';
import { createServer } from '@org/tls-core/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity, type IdentityFiles } from '../src/identity-files.ts';
import { backends, certificateClients, certificateKinds, clientPeers } from '../src/matrix.ts';

let made: IdentityFiles;
beforeAll(async () => {
  made = await makeIdentity();
});
afterAll(() => made[Symbol.asyncDispose]());

describe.each(backends)('$name as server', ({ load }) => {
  it.each(clientPeers)('serves a page over TLS 1.3 to $name', async ({ fetchPage }) => {
    await using server = await serve(await load(), made);
    expect(await fetchPage(server.port, made.files)).toContain('hello from ours');
    expect(server.protocols()).toEqual(['TLSv1.3']);
  });

  describe.each(certificateKinds)('with a certificate of %s', (algorithm) => {
    it.each(certificateClients)('serves a page to $name', async ({ fetchPage }) => {
      await using kind = await makeIdentity(algorithm);
      await using server = await serve(await load(), kind);
      expect(await fetchPage(server.port, kind.files)).toContain('hello from ours');
    });
  });
});

/** A server of ours with node:http on top. */
async function serve(
  backend: TlsBackend,
  { identity }: IdentityFiles,
): Promise<AsyncDisposable & { readonly port: number; protocols(): readonly (string | undefined)[] }> {
  const protocols: (string | undefined)[] = [];
  const pages = http.createServer((_request, response) => {
    response.setHeader('connection', 'close');
    response.end('hello from ours\n');
  });
  const server = await createServer({ tls: { backend, identity, alpnProtocols: ['http/1.1'] } }, (socket) => {
    protocols.push(socket.info?.protocol);
    pages.emit('connection', socket);
  });
  server.listen(0); // both families: `localhost` may be either
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, protocols: () => protocols, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

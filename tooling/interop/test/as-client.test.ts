import { createHttpClient, securityOf } from '@org/http-client';
import { connect } from '@org/tls-core/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity, type IdentityFiles } from '../src/identity-files.ts';
import { backends, certificateKinds, certificateServers, adjustableServers, serverPeers } from '../src/matrix.ts';
import { nginx } from '../src/peers/nginx.ts';
import { opensslServer, startReverser } from '../src/peers/openssl.ts';

let made: IdentityFiles;
beforeAll(async () => {
  made = await makeIdentity();
});
afterAll(() => made[Symbol.asyncDispose]());

describe.each(backends)('$name as client', ({ load }) => {
  it.each(serverPeers)('fetches a page over TLS 1.3 from $name', async ({ page, startServer }) => {
    const backend = await load();
    await using server = await startServer(made.files);
    await using client = createHttpClient({ tls: { backend, trust: made.trust }, allowH2: false });
    const response = await client.fetch(`https://localhost:${server.port}/`);
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(page);
    expect(securityOf(response)).toMatchObject({ backend: backend.name, protocol: 'TLSv1.3' });
  });

  it('fetches a page over HTTP/2 from nginx', async () => {
    const backend = await load();
    await using server = await nginx.startServer(made.files);
    await using client = createHttpClient({ tls: { backend, trust: made.trust }, allowH2: true });
    const response = await client.fetch(`https://localhost:${server.port}/`);
    expect(await response.text()).toMatch(nginx.page);
    expect(securityOf(response)).toMatchObject({ alpnProtocol: 'h2' });
  });

  it.each(adjustableServers)('§4.1.4 answers the HelloRetryRequest of $name', async ({ page, startServer }) => {
    const backend = await load();
    await using server = await startServer(made.files, { version: '1.3', onlyP256: true });
    const tls = { backend, trust: made.trust, groups: ['x25519', 'secp256r1'] };
    await using client = createHttpClient({ tls, allowH2: false });
    const response = await client.fetch(`https://localhost:${server.port}/`);
    expect(await response.text()).toMatch(page);
    expect(securityOf(response)).toMatchObject({ group: 'secp256r1', helloRetryRequest: true });
  });

  it('speaks with openssl s_server over TLS 1.2, or refuses as its capabilities say', async () => {
    const backend = await load();
    const speaks = backend.capabilities.client.protocols.includes('TLSv1.2');
    await using server = await opensslServer.startServer(made.files, { version: '1.2' });
    await using client = createHttpClient({ tls: { backend, trust: made.trust }, allowH2: false });
    // fetch wraps what went wrong: a server without TLS 1.3 sends protocol_version
    const got: unknown = await client.fetch(`https://localhost:${server.port}/`).then(
      (response) => securityOf(response),
      (error: unknown) => (error as Error).cause,
    );
    expect(got).toMatchObject(
      speaks ? { protocol: 'TLSv1.2' } : { code: 'ERR_TLS_ALERT', alert: 70, direction: 'received' },
    );
  });

  it('carries data both ways with openssl s_server -rev', async () => {
    const backend = await load();
    await using server = await startReverser(made.files);
    const socket = await connect({ host: 'localhost', port: server.port, tls: { backend, trust: made.trust } });
    socket.write('desserts\n');
    const [line] = await socket.setEncoding('utf8').take(1).toArray();
    expect(line).toBe('stressed\n');
    socket.destroy();
  });

  describe.each(certificateKinds)('with a certificate of %s', (algorithm) => {
    it.each(certificateServers)('fetches a page from $name', async ({ page, startServer }) => {
      const backend = await load();
      await using kind = await makeIdentity(algorithm);
      await using server = await startServer(kind.files);
      await using client = createHttpClient({ tls: { backend, trust: kind.trust }, allowH2: false });
      const response = await client.fetch(`https://localhost:${server.port}/`);
      expect(await response.text()).toMatch(page);
    });
  });

  it('refuses a peer whose CA it does not know', async () => {
    const backend = await load();
    await using server = await opensslServer.startServer(made.files);
    await using other = await makeIdentity();
    const attempt = connect({ host: 'localhost', port: server.port, tls: { backend, trust: other.trust } });
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', alert: 48 });
  });
});

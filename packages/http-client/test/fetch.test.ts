import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient, interceptors, securityOf } from '../src/index.ts';
import { backends } from './backends.ts';
import { causeOf, failureOf } from './failure.ts';
import { startHttp2, startHttps } from './servers.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost', '127.0.0.1'] });
const trust = root.certificatePem;

describe.each(backends)('over %s', (name, backend) => {
  const tls = { backend, trust };

  test('fetches a page and says how its connection is secured', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const response = await client.fetch(server.origin);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('hello');
    expect(securityOf(response)).toMatchObject({
      backend: name,
      role: 'client',
      protocol: 'TLSv1.3',
      alpnProtocol: 'http/1.1',
      serverName: 'localhost',
    });
    expect(securityOf(response)?.peer?.chain[0]).toEqual(leaf.certificateDer);
  });

  test('verifies an IP address in the URL against the certificate’s addresses (RFC 9110 §4.3.5)', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const response = await client.fetch(`https://127.0.0.1:${server.port}/`);
    expect(await response.text()).toBe('hello');
    expect(securityOf(response)?.serverName).toBe('127.0.0.1');
  });

  test('keeps the connection for the next request', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls, agent: { connections: 1 } });
    const infos = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const response = await client.fetch(server.origin);
      expect(await response.text()).toBe('hello');
      infos.push(securityOf(response));
    }
    expect(server.connections()).toBe(1);
    expect(infos.map((info) => info?.reused)).toEqual([false, true, true, true, true]);
    expect(new Set(infos.map((info) => info?.peer)).size).toBe(1);
  });

  test('uploads and downloads 4 MiB unchanged', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const body = Buffer.alloc(4 << 20, 'all work and no play ');
    const response = await client.fetch(`${server.origin}/echo`, { method: 'POST', body });
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
  });

  test('follows a redirect and tells about the connection of the last response', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const response = await client.fetch(`${server.origin}/redirect`);
    expect(response.redirected).toBe(true);
    expect(await response.text()).toBe('hello');
    expect(securityOf(response)?.backend).toBe(name);
  });

  test.each([false, true])('never follows a redirect out of TLS, with allowHttp %s', async (allowHttp) => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls, allowHttp });
    expect(await causeOf(client.fetch(`${server.origin}/redirect-to-http`))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
    await using redirecting = createHttpClient({
      tls,
      allowHttp,
      interceptors: [interceptors.redirect({ maxRedirections: 3 })],
    });
    const refused = await failureOf(redirecting.request(`${server.origin}/redirect-to-http`));
    expect(refused).toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  test('speaks HTTP/2 only when it is allowed', async () => {
    await using server = await startHttp2(leaf);
    await using http1 = createHttpClient({ tls });
    const overHttp1 = await http1.fetch(server.origin);
    expect(await overHttp1.text()).toBe('hello over 1.1');
    expect(securityOf(overHttp1)?.alpnProtocol).toBe('http/1.1');
    await using http2 = createHttpClient({ tls, allowH2: true });
    const overHttp2 = await http2.fetch(server.origin);
    expect(await overHttp2.text()).toBe('hello over 2.0');
    expect(securityOf(overHttp2)?.alpnProtocol).toBe('h2');
  });

  test('runs many HTTP/2 requests at once over one connection', async () => {
    await using server = await startHttp2(leaf);
    await using client = createHttpClient({ tls, allowH2: true });
    await (await client.fetch(server.origin)).text();
    const responses = await Promise.all(Array.from({ length: 20 }, () => client.fetch(server.origin)));
    const bodies = await Promise.all(responses.map((response) => response.text()));
    expect(new Set(bodies)).toEqual(new Set(['hello over 2.0']));
    expect(responses.every((response) => securityOf(response)?.alpnProtocol === 'h2')).toBe(true);
    expect(server.connections()).toBe(1);
  });

  test('falls back to HTTP/1.1 when the server knows no HTTP/2', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls, allowH2: true });
    const response = await client.fetch(server.origin);
    expect(await response.text()).toBe('hello');
    expect(securityOf(response)?.alpnProtocol).toBe('http/1.1');
  });

  test('`request` gives status, headers and body, and says how it was secured', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const response = await client.request(server.origin);
    expect(response.statusCode).toBe(200);
    expect(await response.body.text()).toBe('hello');
    expect(securityOf(response)).toMatchObject({ backend: name, protocol: 'TLSv1.3' });
  });

  test('composes with undici’s interceptors, and tells about the connection of the last response', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({
      tls,
      interceptors: [interceptors.retry({ maxRetries: 1 }), interceptors.redirect({ maxRedirections: 3 })],
    });
    const response = await client.request(`${server.origin}/redirect`);
    expect(await response.body.text()).toBe('hello');
    expect(securityOf(response)?.backend).toBe(name);
  });

  test('finds the backend by its name', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls: { backend: name, trust } });
    const response = await client.fetch(server.origin);
    expect(await response.text()).toBe('hello');
    expect(securityOf(response)?.backend).toBe(name);
  });

  test('takes a context instead of a configuration', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls: backend.createClientContext({ trust }) });
    expect(await (await client.fetch(server.origin)).text()).toBe('hello');
  });

  test('throws at once when the backend refuses the configuration', () => {
    expect(() => createHttpClient({ tls: { backend, cipherSuites: ['TLS_NO_SUCH_SUITE'] } })).toThrowError(
      expect.objectContaining({ option: 'cipherSuites' }),
    );
  });

  test('closes its connections, and takes no request after that', async () => {
    await using server = await startHttps(leaf);
    const client = createHttpClient({ tls });
    await (await client.fetch(server.origin)).text();
    await Promise.all([client.close(), client.close()]);
    expect(await failureOf(client.request(server.origin))).toMatchObject({ code: 'UND_ERR_DESTROYED' });
    await client.destroy();
  });
});

describe('without a backend', () => {
  test('refuses an unknown option', () => {
    expect(() => createHttpClient({ timeOut: 1 } as object)).toThrow(TypeError);
  });

  test('a backend that cannot be had fails the first request, and no other takes its place', async () => {
    await using client = createHttpClient({ tls: { backend: '@org/no-such-backend' } });
    const unavailable = { code: 'ERR_TLS_BACKEND_UNAVAILABLE', family: 'backend' };
    expect(await causeOf(client.fetch('https://localhost/'))).toMatchObject(unavailable);
    expect(await failureOf(client.request('https://localhost/'))).toMatchObject(unavailable);
  });

  test('refuses a dispatcher in a call: it would go around the backend', async () => {
    await using client = createHttpClient();
    expect(
      await failureOf(client.fetch('https://localhost/', { dispatcher: client.dispatcher } as object)),
    ).toBeInstanceOf(TypeError);
    expect(
      await failureOf(client.request('https://localhost/', { dispatcher: client.dispatcher } as object)),
    ).toBeInstanceOf(TypeError);
  });

  test('refuses http: URLs unless they are allowed', async () => {
    await using client = createHttpClient();
    expect(await causeOf(client.fetch('http://127.0.0.1:8080/'))).toMatchObject({
      code: 'ERR_TLS_CONFIG',
      option: 'allowHttp',
    });
    expect(await failureOf(client.request('http://127.0.0.1:8080/'))).toMatchObject({
      code: 'ERR_TLS_CONFIG',
      option: 'allowHttp',
    });
  });

  test('knows nothing about a response of another client', () => {
    expect(securityOf(new Response('hello'))).toBeUndefined();
  });
});

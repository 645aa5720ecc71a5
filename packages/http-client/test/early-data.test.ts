import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createRoot } from '@org/pki';
import { MemorySessionStore } from '@org/tls-core';
import { createHttpsServer, type HttpsRequest } from '@org/tls-core/http';
import type { TlsSocket } from '@org/tls-core/node';
import { describe, expect, test } from 'vitest';
import { createHttpClient, securityOf, type HttpClient } from '../src/index.ts';
import { backends } from './backends.ts';
import { answerOf, startEarlyServer } from './early-server.ts';
import { failureOf } from './failure.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const identity = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
const trust = root.certificatePem;

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test.each(['GET', 'HEAD', 'OPTIONS'] as const)(
    '§2 of RFC 8470: %s goes as early data once there is a session',
    async (method) => {
      await using server = await startEarlyServer(backend, leaf);
      await using client = createHttpClient({ tls, earlyData: true });
      expect(await stateOf(client, server.origin)).toBe('none');
      expect(await stateOf(client, server.origin, { method })).toBe('accepted');
      expect(server.arrived[0]?.early).toBe('');
      expect(server.arrived[1]?.early).toMatch(new RegExp(`^${method} / HTTP/1.1\r\n`));
      expect(server.arrived[1]?.late).toBe('');
    },
  );

  test.each([
    { method: 'POST' },
    { method: 'PUT', body: 'text' },
    { method: 'DELETE' },
    { method: 'GET', body: 'text' },
    { method: 'PATCH', body: Readable.from(['text']) },
  ] as const)(
    '§4 of RFC 8470: what may change something, or has a body, waits for the handshake: $method',
    async (options) => {
      await using server = await startEarlyServer(backend, leaf);
      await using client = createHttpClient({ tls, earlyData: true });
      await stateOf(client, server.origin);
      expect(await stateOf(client, server.origin, options)).toBe('none');
      expect(server.arrived.map(({ early }) => early)).toEqual(['', '']);
    },
  );

  test('nothing goes as early data where nobody asked for it', async () => {
    await using server = await startEarlyServer(backend, leaf);
    await using client = createHttpClient({ tls });
    await stateOf(client, server.origin);
    expect(await stateOf(client, server.origin)).toBe('none');
    expect(server.arrived[1]?.early).toBe('');
  });

  test('a request behind another one that waits is not sent early with it', async () => {
    await using server = await startEarlyServer(backend, leaf);
    await using client = createHttpClient({ tls, earlyData: true, agent: { connections: 1, pipelining: 4 } });
    await stateOf(client, server.origin);
    await Promise.all([
      stateOf(client, server.origin),
      stateOf(client, server.origin, { method: 'POST', body: 'text', idempotent: true }),
    ]);
    const early = server.arrived.map((each) => each.early).join('');
    expect(early).not.toContain('POST');
    expect(server.arrived.map(({ late }) => late).join('')).toContain('POST');
  });

  test('RFC 8446 §4.2.10 what a server rejects is sent again behind the handshake, and done once', async () => {
    await using server = await startEarlyServer(backend, leaf);
    await using client = createHttpClient({ tls, earlyData: true });
    await stateOf(client, server.origin);
    server.configure({ replayGuard: { firstUse: () => false } });
    expect(await stateOf(client, server.origin)).toBe('rejected');
    expect(server.arrived).toHaveLength(2);
    expect(server.arrived[1]?.late).toMatch(/^GET /);
  });

  test('RFC 8446 §D.3 a server that speaks TLS 1.3 no more gets the request over another connection', async () => {
    await using server = await startEarlyServer(backend, leaf);
    await using client = createHttpClient({ tls, earlyData: true });
    await stateOf(client, server.origin);
    server.configure({ maxVersion: 'TLSv1.2', maxEarlyData: 0 });
    expect(await stateOf(client, server.origin)).toBe('none');
    expect(server.arrived.map(({ early }) => early)).toEqual(['', '', '']);
    expect(server.arrived[2]?.late).toMatch(/^GET /);
  });

  test('RFC 8446 §4.2.10 nothing is sent again to a server that chose another protocol, but over another connection', async () => {
    await using server = await startHttps();
    await using client = createHttpClient({ tls, allowH2: true, earlyData: true });
    expect(await stateOf(client, server.origin)).toBe('none');
    await server.hangUp(client);
    await server.speak(['http/1.1']);
    expect(await stateOf(client, server.origin)).toBe('none');
    expect(server.seen.map(({ httpVersion }) => httpVersion)).toEqual(['2.0', '1.1']);
  });

  test('HTTP/2: requests go as early data, and others wait for the handshake', async () => {
    await using server = await startHttps();
    await using client = createHttpClient({ tls, allowH2: true, earlyData: true });
    expect(await stateOf(client, server.origin)).toBe('none');
    await server.hangUp(client);
    const early = await client.request(server.origin);
    expect(securityOf(early)).toMatchObject({ alpnProtocol: 'h2', earlyData: 'accepted', resumed: true });
    const late = await client.request(server.origin, { method: 'POST', body: 'text' });
    expect(securityOf(late)).toMatchObject({ alpnProtocol: 'h2', earlyData: 'none', reused: true });
    expect(await Promise.all([early.body.text(), late.body.text()])).toEqual(['hello', 'hello']);
  });

  test.each([true, false])(
    'RFC 8470 §5.2 after 425 a request is made once more without early data, with early data %s',
    async (earlyData) => {
      const store = new MemorySessionStore();
      let refusals = 0;
      await using server = await startEarlyServer(backend, leaf, (head, isEarly) => {
        const isRefused = head.includes('early-data: 1') && (earlyData ? isEarly : refusals === 0);
        if (isRefused) refusals += 1;
        return isRefused ? answerOf(425, 'too early') : answerOf(200, head);
      });
      await using client = createHttpClient({ tls, earlyData, sessionStore: store });
      await stateOf(client, server.origin);
      const response = await client.request(server.origin, { headers: { 'early-data': '1' } });
      expect(response.statusCode).toBe(200);
      expect(await response.body.text()).toContain('early-data: 1');
      expect(securityOf(response)?.earlyData).toBe('none');
      expect(refusals).toBe(1);
      expect(server.arrived).toHaveLength(3);
    },
  );

  test('RFC 8470 §5.2 a text is sent once more after 425, and a stream cannot be', async () => {
    let refusals = 0;
    await using server = await startEarlyServer(backend, leaf, () => {
      refusals += 1;
      return refusals % 2 === 1 ? answerOf(425, 'too early') : answerOf(200, 'hello');
    });
    await using client = createHttpClient({ tls });
    const text = await client.request(server.origin, { method: 'POST', body: 'text' });
    expect([text.statusCode, await text.body.text()]).toEqual([200, 'hello']);
    const stream = await client.request(server.origin, { method: 'POST', body: Readable.from(['text']) });
    expect([stream.statusCode, await stream.body.text()]).toEqual([425, 'too early']);
  });

  test.each([
    ['is asked twice', 'too early', 2],
    ['with an answer that is too long to be left aside, is asked once', 'x'.repeat(200_000), 1],
  ])('a server that always answers 425 %s', async (_what, body, times) => {
    await using server = await startEarlyServer(backend, leaf, () => answerOf(425, body));
    await using client = createHttpClient({ tls });
    const response = await client.request(server.origin);
    expect([response.statusCode, await response.body.text()]).toEqual([425, body]);
    expect(server.arrived).toHaveLength(times);
  });

  test('a server that cannot prove itself gets no second request', async () => {
    await using server = await startEarlyServer(backend, leaf);
    await using client = createHttpClient({ tls, earlyData: true });
    await stateOf(client, server.origin);
    const other = await (await createRoot()).issue({ names: ['localhost'] });
    server.configure({
      identity: { certificateChain: other.chainPem, privateKey: other.privateKeyPem },
      ticketKeys: { current: () => [{ name: new Uint8Array(16), secret: new Uint8Array(32) }] },
    });
    expect(await failureOf(client.request(server.origin))).toMatchObject({ family: 'certificate', phase: 'handshake' });
    expect(server.arrived).toHaveLength(2);
    expect(server.arrived[1]?.late).toBe('');
  });

  /** A server of HTTP/1.1 and HTTP/2 that takes early data. */
  async function startHttps() {
    const seen: HttpsRequest[] = [];
    const sockets = new Set<TlsSocket>();
    const ticketKeys = { current: () => [{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(2) }] };
    const config = { backend, identity, maxEarlyData: 16_384, ticketKeys, replayGuard: { firstUse: () => true } };
    const server = await createHttpsServer({ tls: config }, (request, response) => {
      seen.push(request);
      request.resume();
      response.end('hello');
    });
    server.on('secureConnection', (socket: TlsSocket) => sockets.add(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      origin: `https://localhost:${port}`,
      seen,
      hangUp: async (client: HttpClient) => {
        const gone = once(client.dispatcher, 'disconnect');
        server.closeAllConnections();
        await gone;
      },
      speak: (alpnProtocols: readonly string[]) => server.setContext({ ...config, alpnProtocols }),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  }
});

async function stateOf(
  client: HttpClient,
  origin: string,
  options: Parameters<HttpClient['request']>[1] = {},
): Promise<string | undefined> {
  const response = await client.request(origin, options);
  expect(response.statusCode).toBe(200);
  await response.body.text();
  return securityOf(response)?.earlyData;
}

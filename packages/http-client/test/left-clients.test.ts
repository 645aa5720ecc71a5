import http2, { type Http2ServerResponse } from 'node:http2';
import net from 'node:net';
import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../src/index.ts';
import { backends } from './backends.ts';
import { failureOf } from './failure.ts';
import { listen, startHttp2, type TestServer } from './servers.ts';

const root = await createRoot();
const identity = await root.issue({ names: ['localhost'] });
const trust = root.certificatePem;

const ways = backends.flatMap(([name, backend]) => [true, false].map((allowH2) => ({ name, backend, allowH2 })));

test.each(ways)(
  'over $name, allowH2 $allowH2: a request that waited behind one that was aborted in its handshake leaves no connection',
  async ({ backend, allowH2 }) => {
    await using server = await startHttp2(identity);
    const client = createHttpClient({ tls: { backend, trust }, allowH2, agent: { connections: 1 } });
    const abort = new AbortController();
    const aborted = client.request(server.origin, { signal: abort.signal });
    const waiting = client.request(server.origin);
    abort.abort(new Error('given up'));
    await expect(aborted).rejects.toThrow('given up');
    expect(await (await waiting).body.text()).toContain('hello');
    await client.close();
    await server.allClosed();
  },
);

describe('a request that waited behind one whose connection could not be made', () => {
  test.each(ways)('is ended by `destroy`: over $name, allowH2 $allowH2', async ({ backend, allowH2 }) => {
    await using server = await startCutting();
    const client = createHttpClient({ tls: { backend, trust }, allowH2, agent: { connections: 1 } });
    const [first, second] = [failureOf(client.request(server.origin)), failureOf(client.request(server.origin))];
    expect(await first).toBeInstanceOf(Error);
    await server.asked;
    const reason = new Error('the end');
    await client.destroy(reason);
    expect(await second).toBe(reason);
    await server.allClosed();
  });

  test.each(ways)('is waited for by `close`: over $name, allowH2 $allowH2', async ({ backend, allowH2 }) => {
    await using server = await startCutting();
    const client = createHttpClient({ tls: { backend, trust }, allowH2, agent: { connections: 1 } });
    const first = failureOf(client.request(server.origin));
    const second = client.request(server.origin).then(({ body }) => body.text());
    expect(await first).toBeInstanceOf(Error);
    const response = await server.asked;
    const closing = client.close();
    response.end('late');
    expect(await second).toBe('late');
    await closing;
    await server.allClosed();
  });
});

/** A server that cuts its first connection, and leaves its first request to whoever started it. */
async function startCutting(): Promise<TestServer & { readonly asked: Promise<Http2ServerResponse> }> {
  let ask: (response: Http2ServerResponse) => void = () => undefined;
  const asked = new Promise<Http2ServerResponse>((resolve) => (ask = resolve));
  const options = { cert: identity.chainPem, key: identity.privateKeyPem, allowHTTP1: true };
  const inner = http2.createSecureServer(options, (_request, response) => ask(response));
  let isFirst = true;
  const server = net.createServer((socket) => {
    if (isFirst) socket.destroy();
    else inner.emit('connection', socket);
    isFirst = false;
  });
  return { ...(await listen(server)), asked };
}

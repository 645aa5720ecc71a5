import { once } from 'node:events';
import { Readable } from 'node:stream';
import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient, type RetryOptions } from '../../src/index.ts';
import { isPassing } from '../../src/requests/retries.ts';
import { ProxyError } from '../../src/routes/proxy-error.ts';
import { backends } from '../backends.ts';
import { failureOf } from '../failure.ts';
import { startHangingUp, startHttps, startSilent } from '../servers.ts';
import { startScripted, trust, type ScriptedServer } from './scripted-server.ts';

const retry: RetryOptions = { baseDelay: 1 };

/** Fails twice with a status or, with 0, by hanging up, and then answers with the body that it got. */
function startUnsteady(status: number, headers: Record<string, string> = {}): Promise<ScriptedServer> {
  let count = 0;
  return startScripted((request, response, body) => {
    count += 1;
    if (count > 2) return response.end(`served ${body}`);
    return status === 0 ? request.socket.destroy() : response.writeHead(status, headers).end('not now');
  });
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test.each([0, 408, 429, 500, 502, 503, 504])('%s goes away by itself', async (status) => {
    await using server = await startUnsteady(status);
    await using client = createHttpClient({ tls, retry });
    expect(await (await client.fetch(server.origin)).text()).toBe('served ');
    await using other = await startUnsteady(status);
    expect(await (await client.request(other.origin)).body.text()).toBe('served ');
    expect([server.seen.length, other.seen.length]).toEqual([3, 3]);
  });

  test('nothing is repeated by default, and a call may want it otherwise than its client', async () => {
    await using server = await startUnsteady(503);
    await using client = createHttpClient({ tls });
    expect((await client.fetch(server.origin)).status).toBe(503);
    expect((await client.request(server.origin, { retry })).statusCode).toBe(200);
  });

  test('the last response or error is the caller’s', async () => {
    await using server = await startScripted((_request, response) => response.writeHead(503).end('never'));
    await using client = createHttpClient({ tls, retry: { ...retry, limit: 1 } });
    const response = await client.fetch(server.origin);
    expect([response.status, await response.text(), server.seen.length]).toEqual([503, 'never', 2]);
    await using rude = await startHangingUp();
    expect(await failureOf(client.request(rude.origin))).toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
    expect(rude.connections()).toBe(2);
  });

  test.each(['POST', 'PATCH'] as const)('%s is not repeated, unless it is said to be harmless', async (method) => {
    await using server = await startUnsteady(503);
    await using client = createHttpClient({ tls, retry });
    const options = { method, body: 'once' };
    expect((await client.request(server.origin, options)).statusCode).toBe(503);
    const repeated = await client.request(server.origin, { ...options, retry: { ...retry, methods: [method] } });
    expect(await repeated.body.text()).toBe('served once');
  });

  test('a body that is a value is sent again, one that is a stream is not', async () => {
    await using client = createHttpClient({ tls, retry });
    for (const body of ['a value', Buffer.from('a value'), new Blob(['a value'])]) {
      await using server = await startUnsteady(503);
      const response = await client.fetch(server.origin, { method: 'PUT', body });
      expect(await response.text()).toBe('served a value');
    }
    await using server = await startUnsteady(503);
    const body = Readable.from(['a stream']);
    expect((await client.request(server.origin, { method: 'PUT', body })).statusCode).toBe(503);
    const request = new Request(server.origin, { method: 'PUT', body: 'a request' });
    expect((await client.fetch(request)).status).toBe(503);
    expect(server.seen.length).toBe(2);
  });

  test('what a certificate or the configuration causes is final', async () => {
    const stranger = await createRoot();
    await using server = await startHttps(await stranger.issue({ names: ['localhost'] }));
    await using client = createHttpClient({ tls, retry });
    expect(await failureOf(client.request(server.origin))).toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    });
    expect(server.connections()).toBe(1);
    let asked = 0;
    const hooks = { beforeRetry: () => void (asked += 1) };
    await using plain = createHttpClient({ tls, retry, hooks });
    expect(await failureOf(plain.request('http://127.0.0.1:9/'))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
    expect(asked).toBe(0);
  });

  test('Retry-After is honoured in seconds and as a date, and not for years', async () => {
    await using client = createHttpClient({ tls, retry: { ...retry, maxRetryAfter: 2000 } });
    for (const wish of ['0', new Date(0).toUTCString(), 'soon']) {
      await using server = await startUnsteady(503, { 'retry-after': wish });
      expect((await client.fetch(server.origin)).status).toBe(200);
    }
    await using patient = await startUnsteady(503, { 'retry-after': '1' });
    const before = performance.now();
    expect((await client.fetch(patient.origin)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(1900);
    for (const wish of ['99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT']) {
      await using server = await startUnsteady(503, { 'retry-after': wish });
      const response = await client.fetch(server.origin);
      expect([response.status, await response.text(), server.seen.length]).toEqual([503, 'not now', 1]);
    }
  });

  test('an abort, and the end of the client, end a delay', async () => {
    const delays: RetryOptions = { baseDelay: 2 ** 30, maxDelay: 2 ** 30 };
    for (const end of ['abort', 'close', 'destroy'] as const) {
      const abort = new AbortController();
      const client = createHttpClient({ tls, retry: delays });
      await using server = await startScripted((_request, response) => response.writeHead(503).end());
      const failing = failureOf(client.request(server.origin, { signal: abort.signal }));
      while (server.seen.length === 0) await new Promise(setImmediate);
      if (end === 'abort') abort.abort(new Error('changed my mind'));
      else await client[end]();
      const failure = await failing;
      expect(failure).toBeInstanceOf(Error);
      expect(failure === abort.signal.reason).toBe(end === 'abort');
      expect(server.seen.length).toBe(1);
      await client.destroy();
    }
  });

  test('the body of a response that is not wanted is not waited for', async () => {
    let isSteady = false;
    await using server = await startScripted((_request, response) => {
      if (isSteady) return response.end('served');
      isSteady = true;
      return response.writeHead(503, { 'content-length': 10 }).write('a part');
    });
    await using client = createHttpClient({ tls, retry });
    expect(await (await client.fetch(server.origin)).text()).toBe('served');
    isSteady = false;
    expect(await (await client.request(server.origin)).body.text()).toBe('served');
  });

  test('an abort in the handshake is not repeated', async () => {
    const abort = new AbortController();
    await using server = await startSilent(() => abort.abort());
    await using client = createHttpClient({ tls, retry });
    const failing = failureOf(client.request(server.origin, { signal: abort.signal }));
    await once(abort.signal, 'abort');
    expect(await failing).toBe(abort.signal.reason);
    expect(server.connections()).toBe(1);
  });
});

test('refuses rules that are none', () => {
  for (const rules of [{ limit: 1000 }, { baseDelay: -1 }, { maxRetryAfter: Infinity }])
    expect(() => createHttpClient({ retry: rules })).toThrow(RangeError);
  for (const rules of [{ attempts: 3 }, { methods: 'GET' }])
    expect(() => createHttpClient({ retry: rules as object })).toThrow(TypeError);
});

test.each([
  [502, true],
  [504, true],
  [407, false],
  [403, false],
  [undefined, false],
])('a proxy that answers %s is asked again: %s', (status, isAskedAgain) => {
  const refused = new ProxyError('http://proxy.test:3128', 'ERR_TLS_PROXY', 'no tunnel', { status });
  expect([isPassing(refused), isPassing(new TypeError('fetch failed', { cause: refused }))]).toEqual([
    isAskedAgain,
    isAskedAgain,
  ]);
});

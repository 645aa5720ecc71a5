import ky, { HTTPError, TimeoutError } from 'ky';
import { getResponse, http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import createOpenApiClient from 'openapi-fetch';
import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { failureOf } from '../failure.ts';
import { startScripted, trust, type ScriptedServer } from './scripted-server.ts';

/** An API of one thing, as openapi-typescript would describe it. */
interface Paths {
  '/things/{id}': {
    put: {
      parameters: { path: { id: string }; query?: { dry?: boolean } };
      requestBody: { content: { 'application/json': { name: string } } };
      responses: {
        200: { content: { 'application/json': { id: string; name: string } } };
        404: { content: { 'application/json': { error: string } } };
      };
    };
  };
}

function startApi(): Promise<ScriptedServer> {
  let isSteady = false;
  return startScripted(({ url = '' }, response, body) => {
    response.setHeader('content-type', 'application/json');
    if (url === '/silent') return undefined;
    if (url === '/unsteady' && !isSteady) {
      isSteady = true;
      return response.writeHead(503).end('{}');
    }
    if (url.startsWith('/things/none')) return response.writeHead(404).end('{"error":"no such thing"}');
    const [, id] = /^\/things\/(\w+)/u.exec(url) ?? [];
    return response.end(JSON.stringify({ id, ...(JSON.parse(body || '{}') as object) }));
  });
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test('ky works on it: JSON, hooks, retries, errors and its timeout', async () => {
    await using server = await startApi();
    await using client = createHttpClient({ tls });
    const statuses: number[] = [];
    const api = ky.create({
      prefixUrl: server.origin,
      fetch: client.fetch as unknown as typeof fetch,
      retry: { limit: 1, delay: () => 1 },
      hooks: { afterResponse: [(_request, _options, response) => void statuses.push(response.status)] },
    });
    expect(await api.put('things/one', { json: { name: 'first' } }).json()).toEqual({ id: 'one', name: 'first' });
    expect(await api.get('unsteady').json()).toEqual({});
    expect(statuses).toEqual([200, 503, 200]);
    expect(await failureOf(api.get('things/none').json())).toBeInstanceOf(HTTPError);
    expect(await failureOf(api.get('silent', { timeout: 50, retry: 0 }))).toBeInstanceOf(TimeoutError);
  });

  test('openapi-fetch works on it: paths, queries, bodies, and errors that have types', async () => {
    await using server = await startApi();
    await using client = createHttpClient({ tls });
    const api = createOpenApiClient<Paths>({ baseUrl: server.origin, fetch: client.fetch as unknown as typeof fetch });
    const put = (id: string) =>
      api.PUT('/things/{id}', { params: { path: { id }, query: { dry: true } }, body: { name: 'first' } });
    expect((await put('one')).data).toEqual({ id: 'one', name: 'first' });
    expect((await put('none')).error).toEqual({ error: 'no such thing' });
    expect(server.seen[0]).toMatchObject({ method: 'PUT', url: '/things/one?dry=true', body: '{"name":"first"}' });
  });

  test('msw does not see its requests, which are neither those of node:http nor of the global fetch', async () => {
    await using server = await startApi();
    await using client = createHttpClient({ tls });
    const mock = setupServer(http.all(`${server.origin}/*`, () => HttpResponse.json({ mocked: true })));
    mock.listen({ onUnhandledRequest: 'bypass' });
    try {
      expect(await (await client.fetch(`${server.origin}/things/one`)).json()).toEqual({ id: 'one' });
      expect(await (await fetch(`${server.origin}/things/one`)).json()).toEqual({ mocked: true });
    } finally {
      mock.close();
    }
  });

  test('msw’s handlers answer in front of it', async () => {
    await using server = await startApi();
    await using client = createHttpClient({ tls });
    const handlers = [http.get(`${server.origin}/mocked`, () => HttpResponse.json({ mocked: true }))];
    const mocked = async (input: string): Promise<unknown> =>
      ((await getResponse(handlers, new Request(input))) ?? (await client.fetch(input))).json();
    expect(await mocked(`${server.origin}/mocked`)).toEqual({ mocked: true });
    expect(await mocked(`${server.origin}/things/one`)).toEqual({ id: 'one' });
  });
});

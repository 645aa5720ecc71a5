import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cacheStatusOf, cacheStores, createHttpClient, securityOf, type HttpRequestOptions } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { causeOf, failureOf } from '../failure.ts';
import { startScripted, trust, type ScriptedServer } from './scripted-server.ts';

/** Counts its answers. Their `cache-control` is what the query says; with `etag` in it they can be validated. */
function startCounting(): Promise<ScriptedServer> {
  let count = 0;
  return startScripted(({ url = '', headers }, response) => {
    count += 1;
    const wanted = decodeURIComponent(new URL(url, 'https://localhost').search.slice(1));
    if (url.startsWith('/redirect'))
      return response.writeHead(301, { location: wanted, 'cache-control': 'max-age=99' }).end();
    response.setHeader('cache-control', wanted);
    if (url.startsWith('/etag')) response.setHeader('etag', '"one"');
    if (headers['if-none-match'] === '"one"') return response.writeHead(304).end();
    return response.end(`answer ${count}`);
  });
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test('a kept response is given again, and says so', async () => {
    await using server = await startCounting();
    await using client = createHttpClient({ tls, cache: true });
    const url = `${server.origin}/?max-age=99`;
    const first = await client.fetch(url);
    expect([cacheStatusOf(first), await first.text()]).toEqual(['miss', 'answer 1']);
    expect(securityOf(first)?.protocol).toBe('TLSv1.3');
    const second = await client.fetch(url);
    expect([cacheStatusOf(second), await second.text()]).toEqual(['hit', 'answer 1']);
    expect(second.headers.get('age')).toMatch(/^\d+$/u);
    const third = await client.request(url);
    expect([cacheStatusOf(third), await third.body.text()]).toEqual(['hit', 'answer 1']);
    expect([securityOf(second), securityOf(third)]).toEqual([undefined, undefined]);
  });

  test('RFC 9110 §7.1 what a server says for another Host is neither kept nor taken from what is kept', async () => {
    await using server = await startCounting();
    await using client = createHttpClient({ tls, cache: true, deduplicate: true });
    const url = `${server.origin}/?max-age=99`;
    const own = new URL(url).host;
    const ask = async (headers: Readonly<Record<string, string>> = {}): Promise<unknown> => {
      const response = await client.request(url, { headers });
      return [cacheStatusOf(response), await response.body.text()];
    };
    expect(await ask({ Host: 'evil.example' })).toEqual(['miss', 'answer 1']);
    expect(await ask()).toEqual(['miss', 'answer 2']);
    expect(await ask({ Host: 'evil.example' })).toEqual(['miss', 'answer 3']);
    expect(await ask({ Host: own.toUpperCase() })).toEqual(['hit', 'answer 2']);
  });

  test('a response that the server calls good again tells of the connection that said so', async () => {
    await using server = await startCounting();
    await using client = createHttpClient({ tls, cache: true });
    const url = `${server.origin}/etag?no-cache`;
    await (await client.fetch(url)).text();
    const again = await client.fetch(url);
    expect([again.status, cacheStatusOf(again), await again.text()]).toEqual([200, 'revalidated', 'answer 1']);
    expect(securityOf(again)?.protocol).toBe('TLSv1.3');
  });

  test('nothing is kept by default, and nothing that is one user’s in a shared cache', async () => {
    await using server = await startCounting();
    await using bare = createHttpClient({ tls });
    await using shared = createHttpClient({ tls, cache: true });
    await using own = createHttpClient({ tls, cache: { type: 'private' } });
    const twice = async (client: typeof bare, query: string): Promise<boolean> => {
      const [one, other] = [await client.fetch(server.origin + query), await client.fetch(server.origin + query)];
      return (await one.text()) === (await other.text());
    };
    expect(await twice(bare, '/?max-age=99')).toBe(false);
    expect(await twice(shared, `/?${encodeURIComponent('private, max-age=99')}`)).toBe(false);
    expect(await twice(own, `/?${encodeURIComponent('private, max-age=99')}`)).toBe(true);
    expect(await twice(own, `/?${encodeURIComponent('no-store, max-age=99')}`)).toBe(false);
    expect(cacheStatusOf(await bare.fetch(server.origin))).toBeUndefined();
  });

  test('a kept redirect does not lead out of TLS', async () => {
    await using server = await startCounting();
    await using client = createHttpClient({ tls, cache: true, allowHttp: true, redirect: 'follow' });
    const url = `${server.origin}/redirect?${encodeURIComponent('http://127.0.0.1:8080/')}`;
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await failureOf(client.request(url))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
      expect(await causeOf(client.fetch(url))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
    }
    expect(server.seen.length).toBe(1);
  });

  test('a response behind a connection that came from the cache tells of no connection', async () => {
    await using server = await startCounting();
    await using client = createHttpClient({ tls, cache: true });
    const kept = `${server.origin}/?max-age=99`;
    await (await client.fetch(kept)).text();
    const redirected = await client.fetch(`${server.origin}/redirect?${encodeURIComponent(kept)}`);
    expect([cacheStatusOf(redirected), securityOf(redirected)]).toEqual(['hit', undefined]);
    await redirected.text();
  });

  test('a fetch whose cache mode is no-store is answered by the server, and kept by nobody', async () => {
    await using server = await startCounting();
    await using client = createHttpClient({ tls, cache: true });
    const url = `${server.origin}/?max-age=99`;
    const asked = async (cache: 'no-store' | 'default'): Promise<unknown> => {
      const response = await client.fetch(url, { cache });
      return [cacheStatusOf(response), await response.text()];
    };
    expect(await asked('no-store')).toEqual(['miss', 'answer 1']);
    expect(await asked('default')).toEqual(['miss', 'answer 2']);
    expect(await asked('no-store')).toEqual(['miss', 'answer 3']);
    expect(await asked('default')).toEqual(['hit', 'answer 2']);
  });

  test('keeps compressed bodies compressed, and gives them decoded', async () => {
    await using server = await startScripted((_request, response) => {
      response.writeHead(200, { 'cache-control': 'max-age=99', 'content-encoding': 'gzip' }).end(gzipSync('hello'));
    });
    await using client = createHttpClient({ tls, cache: true });
    for (const status of ['miss', 'hit']) {
      const response = await client.request(server.origin);
      expect([cacheStatusOf(response), await response.body.text()]).toEqual([status, 'hello']);
    }
  });

  test('requests that are the same at the same time share a response, others do not', async () => {
    let answer = (): void => undefined;
    await using server = await startScripted(({ headers }, response) => {
      if (headers['x-user'] === 'other') return response.end('for the other');
      return (answer = () => void response.end('for all'));
    });
    await using client = createHttpClient({ tls, deduplicate: true });
    const three = Array.from({ length: 3 }, () => client.fetch(server.origin));
    const other = await client.fetch(server.origin, { headers: { 'x-user': 'other' } });
    expect(await other.text()).toBe('for the other');
    while (server.seen.length < 2) await new Promise(setImmediate);
    answer();
    const responses = await Promise.all(three);
    expect(responses.map(cacheStatusOf)).toEqual(['miss', 'shared', 'shared']);
    const bodies = await Promise.all(responses.map((response) => response.text()));
    expect([bodies, server.seen.length]).toEqual([['for all', 'for all', 'for all'], 2]);
  });

  test('a call that is given up takes none with it that shared its request', async () => {
    const answers: (() => void)[] = [];
    await using server = await startScripted((_request, response) => answers.push(() => void response.end('answered')));
    await using client = createHttpClient({ tls, deduplicate: true });
    const abort = new AbortController();
    const first = failureOf(client.fetch(server.origin, { signal: abort.signal }));
    const others = [client.fetch(server.origin), client.request(server.origin)] as const;
    while (answers.length < 1) await new Promise(setImmediate);
    abort.abort(new Error('changed my mind'));
    expect(await first).toBe(abort.signal.reason);
    while (answers.length < 3) await new Promise(setImmediate);
    for (const answer of answers) answer();
    expect(await (await others[0]).text()).toBe('answered');
    expect(await (await others[1]).body.text()).toBe('answered');
  });

  test('each call that shares a response ends at its bomb and at its codings', async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    const answers: (() => void)[] = [];
    await using server = await startScripted(({ url }, response) => {
      const coding = url === '/many' ? 'gzip, gzip, gzip, gzip' : 'gzip';
      answers.push(() => void response.writeHead(200, { 'content-encoding': coding }).end(bomb));
    });
    await using client = createHttpClient({ tls, deduplicate: true });
    const code = 'ERR_HTTP_CLIENT_DECODING';
    const asked = async (path: string, options: HttpRequestOptions = {}): Promise<readonly unknown[]> => {
      const call = async (): Promise<unknown> =>
        (await client.request(server.origin + path, options)).body.arrayBuffer();
      let isOver = false;
      const failures = Promise.all([call(), call(), call()].map(failureOf)).finally(() => (isOver = true));
      // A request whose own call is over is sent again for each of the others.
      while (!isOver) {
        for (const answer of answers.splice(0)) answer();
        await new Promise(setImmediate);
      }
      return failures;
    };
    expect(await asked('/bomb')).toMatchObject([{ code }, { code }, { code }]);
    expect(await asked('/many')).toMatchObject([{ code }, { code }, { code }]);
  });
});

test('responses are kept in a file where Node has SQLite, and elsewhere the store says that it cannot', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'http-client-'));
  await using server = await startCounting();
  const ask = async (): Promise<unknown> => {
    const store = new cacheStores.SqliteCacheStore({ location: path.join(folder, 'cache.db') });
    await using client = createHttpClient({ tls: { backend: 'pure', trust }, cache: { store } });
    const response = await client.fetch(`${server.origin}/?max-age=99`);
    const text = await response.text();
    store.close();
    return [cacheStatusOf(response), text];
  };
  const told = async (): Promise<unknown> => ask().catch(({ code }: { readonly code: string }) => code);
  const answers = [await told(), await told()];
  const inFile = [
    ['miss', 'answer 1'],
    ['hit', 'answer 1'],
  ];
  const isThere = process.getBuiltinModule('node:sqlite') !== undefined;
  expect(answers).toEqual(isThere ? inFile : ['ERR_UNKNOWN_BUILTIN_MODULE', 'ERR_UNKNOWN_BUILTIN_MODULE']);
  await rm(folder, { recursive: true });
});

test('refuses what is no cache', () => {
  expect(() => createHttpClient({ cache: { store: {} as never } })).toThrow(TypeError);
  expect(() => createHttpClient({ cache: { size: 1 } as object })).toThrow(TypeError);
  expect(() => createHttpClient({ cache: { type: 'public' as 'shared' } })).toThrow(TypeError);
});

import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { fetchAnswer, OpenRequests, statusFetcher, type StatusFetcher } from '../src/status/fetcher.ts';
import { startHttp, type LocalServer } from './support/hostile-http.ts';

const servers: LocalServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const request = { url: 'http://status.test/', method: 'GET', headers: {}, body: undefined, maxBytes: 10 } as const;
const forever = new OpenRequests();
const never = new Promise<never>(() => undefined);
const status = { code: 'ERR_TLS_CERTIFICATE_STATUS' };

async function ask(fetch: StatusFetcher, timeout = 60_000, requests = forever): Promise<Uint8Array> {
  return fetchAnswer(request, { fetch, timeout, requests });
}

async function* pieces(...lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const length of lengths) yield Promise.resolve(new Uint8Array(length));
}

/** No timer has its turn between them. */
async function* emptyPieces(): AsyncGenerator<Uint8Array> {
  for (;;) yield Promise.resolve(new Uint8Array(0));
}

describe('An answer of a fetcher', () => {
  test('is bytes, at once or later, or pieces of them', async () => {
    expect(await ask(() => new Uint8Array(3))).toHaveLength(3);
    expect(await ask(async () => Promise.resolve(new Uint8Array(10)))).toHaveLength(10);
    expect(await ask(() => pieces(4, 0, 6))).toHaveLength(10);
  });

  test.each<[string, StatusFetcher]>([
    ['is too long', () => new Uint8Array(11)],
    ['has empty pieces without an end', () => emptyPieces()],
    ['comes in too many pieces', () => pieces(4, 4, 4)],
    ['is no bytes', () => 'text' as never],
    ['is nothing', () => undefined as never],
    [
      'has a piece that is no bytes',
      () =>
        (async function* () {
          yield Promise.resolve('text');
        })() as never,
    ],
    [
      'fails at once',
      () => {
        throw new Error('refused');
      },
    ],
    ['fails later', async () => Promise.reject(new Error('refused'))],
    ['fails with what is no error', async () => Promise.reject('refused')],
  ])('that %s is a failure with the URL in its message', async (_, fetch) => {
    await expect(ask(fetch)).rejects.toMatchObject({
      ...status,
      message: expect.stringContaining(request.url) as string,
    });
  });

  test.each<[string, StatusFetcher]>([
    ['never comes', async () => never],
    [
      'never ends',
      () =>
        (async function* () {
          yield Promise.resolve(new Uint8Array(1));
          yield never;
        })(),
    ],
    [
      'is empty pieces without an end',
      () =>
        (async function* () {
          for (;;)
            yield new Promise<Uint8Array>((resolve) => {
              setImmediate(resolve, new Uint8Array(0));
            });
        })(),
    ],
    [
      'is too long and cannot be ended',
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            await new Promise((resolve) => {
              setImmediate(resolve);
            });
            return { done: false, value: new Uint8Array(99) };
          },
          return: async () => never,
        }),
      }),
    ],
  ])('that %s is given up after the timeout, and the fetcher is told', async (_, answer) => {
    let told: AbortSignal | undefined;
    const asked = ask((given) => {
      told = given.signal;
      return answer(given);
    }, 100);
    await expect(asked).rejects.toMatchObject(status);
    expect(told?.aborted).toBe(true);
  });

  test('is given up when its owner is closed, before or meanwhile', async () => {
    const requests = new OpenRequests();
    const asked = Array.from({ length: 20 }, async () => ask(async () => never, 60_000, requests));
    requests.close();
    for (const each of asked) await expect(each).rejects.toMatchObject(status);
    await expect(ask(() => new Uint8Array(1), 60_000, requests)).rejects.toMatchObject(status);
  });
});

describe('A fetcher over `fetch`', () => {
  const overFetch = statusFetcher(fetch);

  test('asks as it is told and gives the body in pieces', async () => {
    const seen: unknown[] = [];
    const server = await startHttp((incoming, response) => {
      void (async () => {
        const body = Buffer.concat(await incoming.toArray()).toString();
        seen.push([incoming.method, incoming.url, incoming.headers['content-type'], body]);
        response.write('12');
        response.end('345');
      })();
    });
    servers.push(server);
    const post = {
      url: `${server.url}a`,
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request' },
    } as const;
    const limits = { fetch: overFetch, timeout: 60_000, requests: forever };
    const answer = await fetchAnswer({ ...post, body: Buffer.from('question'), maxBytes: 5 }, limits);
    expect(Buffer.from(answer).toString()).toBe('12345');
    expect(seen).toEqual([['POST', '/a', 'application/ocsp-request', 'question']]);
  });

  test.each([404, 500, 204, 301, 302])('refuses a response of status %d', async (code) => {
    const server = await startHttp((_, response) => response.writeHead(code, { location: 'http://127.0.0.1/' }).end());
    servers.push(server);
    const asked = fetchAnswer(
      { ...request, url: server.url },
      { fetch: overFetch, timeout: 60_000, requests: forever },
    );
    await expect(asked).rejects.toMatchObject(status);
  });

  test('ends a body that has no end, and its connection', async () => {
    let closed: Promise<unknown> | undefined;
    const server = await startHttp((_, response) => {
      closed = once(response, 'close');
      const write = (): void => {
        if (response.write(new Uint8Array(1000))) setImmediate(write);
        else response.once('drain', write);
      };
      write();
    });
    servers.push(server);
    const asked = fetchAnswer(
      { ...request, url: server.url, maxBytes: 100_000 },
      { fetch: overFetch, timeout: 60_000, requests: forever },
    );
    await expect(asked).rejects.toMatchObject(status);
    await closed;
  });

  test('ends a connection that says nothing', async () => {
    let closed: Promise<unknown> | undefined;
    const server = await startHttp((incoming) => {
      closed = once(incoming.socket, 'close');
    });
    servers.push(server);
    const asked = fetchAnswer({ ...request, url: server.url }, { fetch: overFetch, timeout: 500, requests: forever });
    await expect(asked).rejects.toMatchObject(status);
    await closed;
  });
});

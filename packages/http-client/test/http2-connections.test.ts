import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import http2 from 'node:http2';
import { Readable } from 'node:stream';
import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient, FormData, type HttpClient } from '../src/index.ts';
import { backends } from './backends.ts';
import { failureOf } from './failure.ts';
import { listen, type TestServer } from './servers.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const trust = root.certificatePem;

describe.each(backends)('HTTP/2 over %s', (_name, backend) => {
  const clientOf = (agent = {}): HttpClient => createHttpClient({ tls: { backend, trust }, allowH2: true, agent });

  describe('a request’s body', () => {
    const large = Buffer.alloc(3 << 20, 'all work and no play ');
    const bodies: readonly (readonly [what: string, make: () => unknown])[] = [
      ['text', () => large.toString()],
      ['bytes', () => large],
      ['a stream', () => Readable.from([large.subarray(0, 10), large.subarray(10)])],
      [
        'an iterable that takes its time',
        async function* chunks() {
          for (let at = 0; at < large.length; at += 1 << 19) {
            await new Promise(setImmediate);
            yield large.subarray(at, at + (1 << 19));
          }
        },
      ],
      ['a Blob', () => new Blob([large])],
      ['a form', () => formOf(large)],
    ];
    test.each(bodies)('that is %s arrives whole', async (what, make) => {
      await using server = await serve((stream) => echo(stream));
      await using client = clientOf();
      const response = await client.request(server.origin, { method: 'POST', body: bodyOf(make) });
      const answer = Buffer.from(await response.body.arrayBuffer());
      // a form has its own lines around what it holds
      const start = answer.indexOf(large);
      expect(what === 'a form' ? start > 0 : start === 0 && answer.length === large.length).toBe(true);
    });

    test('that fails in the middle ends its stream alone', async () => {
      await using server = await serve((stream) => echo(stream));
      await using client = clientOf();
      await (await client.request(server.origin)).body.dump();
      const reason = new Error('the source is dry');
      const dry = async function* chunks() {
        yield 'some';
        throw reason;
      };
      const failed = failureOf(
        client.request(server.origin, { method: 'POST', body: bodyOf(dry) }).then((r) => r.body.text()),
      );
      expect(await failed).toBe(reason);
      expect(await textOf(client, server)).toBe('');
      expect(server.connections()).toBe(1);
    });

    test('that is an iterable is given back where the request is aborted while the server reads nothing', async () => {
      const abort = new AbortController();
      const reason = new Error('given up');
      await using server = await serve(() => abort.abort(reason));
      await using client = clientOf();
      let [sent, giveBack] = [0, (): void => undefined];
      const givenBack = new Promise<void>((resolve) => (giveBack = resolve));
      const endless = async function* chunks() {
        try {
          for (;;) {
            sent += 1;
            yield Buffer.alloc(1 << 16);
          }
        } finally {
          giveBack();
        }
      };
      const pending = client.request(server.origin, { method: 'POST', body: bodyOf(endless), signal: abort.signal });
      expect(await failureOf(pending)).toBe(reason);
      await givenBack;
      expect(sent).toBeLessThan(100);
    });
  });

  test.each<[string, Error | undefined, object]>([
    [
      'NO_ERROR',
      undefined,
      {
        code: 'ERR_HTTP_CLIENT_TRUNCATED',
        phase: 'body',
        message: expect.stringContaining('behind 4 of 5 bytes') as string,
      },
    ],
    ['CANCEL', new DOMException('given up', 'AbortError'), { phase: 'body' }],
    ['INTERNAL_ERROR', new Error('broken'), { code: 'ERR_HTTP2_STREAM_ERROR', phase: 'body' }],
  ])('RFC 9113 §8.1 a body that the server ends by a reset with %s is not whole', async (_code, reason, told) => {
    await using server = await serve((stream) => {
      stream.respond({ ':status': 200, 'content-length': 5 });
      stream.write('some', () => stream.destroy(reason));
    });
    await using client = clientOf();
    const { body } = await client.request(server.origin);
    expect(await failureOf(body.text())).toMatchObject(told);
    const fetched = await client.fetch(server.origin);
    expect(await failureOf(fetched.text())).toBeInstanceOf(Error);
  });

  test('RFC 9113 §8.1 a body without a length, or with all of its bytes, ends by a reset with NO_ERROR as well', async () => {
    await using server = await serve((stream, path) => {
      stream.respond({ ':status': 200, ...(path === '/length' && { 'content-length': 4 }) });
      stream.write('some', () => stream.destroy());
    });
    await using client = clientOf();
    for (const path of ['/', '/length']) {
      const { body } = await client.request(server.origin + path);
      expect(await body.text()).toBe('some');
      const fetched = await client.fetch(server.origin + path);
      expect(await fetched.text()).toBe('some');
    }
  });

  test('RFC 9113 §8.1 a reset with NO_ERROR in place of a response is no response', async () => {
    await using server = await serve((stream) => stream.close(http2.constants.NGHTTP2_NO_ERROR));
    await using client = clientOf();
    expect(await failureOf(client.request(server.origin))).toMatchObject({
      code: 'ERR_HTTP_CLIENT_TRUNCATED',
      message: expect.stringContaining('before it answered') as string,
    });
    expect(await failureOf(client.fetch(server.origin))).toBeInstanceOf(Error);
  });

  test('RFC 9110 §8.6 what has a length and no body is whole without it', async () => {
    await using server = await serve((stream) => {
      stream.respond({ ':status': 200, 'content-length': 5 });
      stream.destroy();
    });
    await using client = clientOf();
    const { statusCode, body } = await client.request(server.origin, { method: 'HEAD' });
    expect([statusCode, await body.text()]).toEqual([200, '']);
  });

  test('GOAWAY lets the requests under way end, and later ones go over a new connection', async () => {
    const held: http2.ServerHttp2Stream[] = [];
    await using server = await serve((stream, path) => {
      if (path === '/held') held.push(stream);
      else echo(stream);
    });
    await using client = clientOf();
    await textOf(client, server);
    const pending = ['/held', '/held'].map((path) => client.request(server.origin + path));
    await server.until(() => held.length === 2);
    server.sessions()[0]?.close();
    const goneAway = once(client.dispatcher, 'disconnect');
    expect(await textOf(client, server)).toBe('');
    expect(server.connections()).toBe(2);
    for (const stream of held) {
      stream.respond({ ':status': 200 });
      stream.end('late');
    }
    const answers = await Promise.all(pending);
    expect(await Promise.all(answers.map(({ body }) => body.text()))).toEqual(['late', 'late']);
    await goneAway;
  });

  test('RFC 9113 §6.8 a request that GOAWAY leaves out is made once more over a new connection', async () => {
    const seen: string[] = [];
    await using server = await serve((stream, path, session) => {
      seen.push(path);
      if (path === '/refused' && seen.length === 2) {
        // nothing behind the first stream was or will be processed
        session.goaway(0, 1);
        session.close();
      } else echo(stream);
    });
    await using client = clientOf();
    await textOf(client, server);
    const response = await client.request(`${server.origin}/refused`, { method: 'POST', body: 'text' });
    expect(await response.body.text()).toBe('text');
    expect(seen).toEqual(['/', '/refused', '/refused']);
  });

  test('RFC 9113 §8.7 a stream that was refused is tried once more, and one that was reset otherwise is not', async () => {
    const seen: string[] = [];
    await using server = await serve((stream, path) => {
      seen.push(path);
      if (path === '/refused' && seen.length === 1) stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
      else if (path === '/broken') stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      else echo(stream);
    });
    await using client = clientOf();
    const response = await client.request(`${server.origin}/refused`, { method: 'POST', body: 'text' });
    expect(await response.body.text()).toBe('text');
    expect(await failureOf(client.request(`${server.origin}/broken`, { method: 'POST', body: 'text' }))).toMatchObject({
      code: 'ERR_HTTP2_STREAM_ERROR',
      phase: 'headers',
    });
    expect(seen).toEqual(['/refused', '/refused', '/broken']);
  });

  test.each([{ decompress: true }, { decompress: false }])(
    'a request that is aborted before it is made once more is not sent again: $decompress',
    async ({ decompress }) => {
      const seen: string[] = [];
      await using server = await serve((stream, path) => {
        seen.push(path);
        if (path === '/refused') stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
        else echo(stream);
      });
      await using client = createHttpClient({ tls: { backend, trust }, allowH2: true, decompress });
      for (const send of ['request', 'fetch'] as const) {
        const abort = new AbortController();
        const reason = new Error('given up');
        // undici says that the stream was refused, and the request is made once more in a later turn
        const onError = (): void => queueMicrotask(() => abort.abort(reason));
        subscribe('undici:request:error', onError);
        const { signal } = abort;
        try {
          expect(await failureOf(client[send](`${server.origin}/refused`, { signal }) as Promise<unknown>)).toBe(
            reason,
          );
        } finally {
          unsubscribe('undici:request:error', onError);
        }
        // it goes behind whatever else is under way
        const { body } = await client.request(server.origin, { method: 'POST', body: send, timeout: 5000 });
        expect(await body.text()).toBe(send);
      }
      expect(seen).toEqual(['/refused', '/', '/refused', '/']);
    },
  );

  test('`destroy` ends the requests under way with its reason', async () => {
    let asked = 0;
    await using server = await serve((stream, path) => {
      asked += 1;
      if (path === '/begun') stream.respond({ ':status': 200 });
    });
    const client = clientOf();
    const { body } = await client.request(`${server.origin}/begun`);
    const read = failureOf(body.text());
    const silent = failureOf(client.request(`${server.origin}/silent`));
    await server.until(() => asked === 2);
    const reason = new Error('the end');
    await client.destroy(reason);
    expect(await silent).toBe(reason);
    expect(await read).toBe(reason);
    await server.allClosed();
  });

  test('requests that failed with their connection get no other one', async () => {
    let asked = 0;
    await using server = await serve((stream, path, session) => {
      if (path === '/') echo(stream);
      else asked += 1;
      if (asked === 3) session.destroy();
    });
    await using client = clientOf({ connections: 1 });
    await textOf(client, server);
    const failures = [1, 2, 3].map(() => failureOf(client.request(`${server.origin}/silent`)));
    for (const failure of await Promise.all(failures)) expect(failure).toBeInstanceOf(Error);
    await client.close();
    expect(server.connections()).toBe(1);
  });

  test('a server that refuses every stream is asked 20 times at most', async () => {
    let streams = 0;
    await using server = await serve((stream) => {
      streams += 1;
      stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
    });
    await using client = clientOf();
    expect(await failureOf(client.request(server.origin))).toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' });
    expect(streams).toBe(20);
  });

  test('a server that allows one stream at a time answers all requests', async () => {
    await using server = await serve((stream) => echo(stream), { settings: { maxConcurrentStreams: 1 } });
    await using client = clientOf({ connections: 1 });
    const texts = await Promise.all(Array.from({ length: 10 }, () => textOf(client, server)));
    expect(texts).toEqual(Array.from({ length: 10 }, () => ''));
    expect(server.connections()).toBe(1);
  });

  test('headersTimeout and bodyTimeout end a request, and the connection goes on', async () => {
    await using server = await serve((stream, path) => {
      if (path === '/silent') return;
      stream.respond({ ':status': 200 });
      if (path === '/stalls') stream.write('some');
      else stream.end();
    });
    await using client = clientOf();
    await textOf(client, server);
    const silent = failureOf(client.request(`${server.origin}/silent`, { headersTimeout: 200 }));
    const stalled = await client.request(`${server.origin}/stalls`, { bodyTimeout: 200 });
    expect(await failureOf(stalled.body.text())).toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT', phase: 'body' });
    expect(await silent).toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT', phase: 'headers' });
    expect(await textOf(client, server)).toBe('');
    expect(server.connections()).toBe(1);
  });

  test('a server that never reads is given up after headersTimeout', async () => {
    await using server = await serve(() => undefined);
    await using client = clientOf({ headersTimeout: 500 });
    const body = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(1 << 16)));
    const failure = await failureOf(client.request(server.origin, { method: 'POST', body }));
    expect(failure).toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT', phase: 'request' });
    expect(body.destroyed).toBe(true);
  });
});

interface Http2Server extends TestServer {
  readonly sessions: () => readonly http2.ServerHttp2Session[];
  /** Waits until a request has made something true. */
  until(isSo: () => boolean): Promise<void>;
}

async function serve(
  answer: (stream: http2.ServerHttp2Stream, path: string, session: http2.ServerHttp2Session) => void,
  options: http2.SecureServerOptions = {},
): Promise<Http2Server> {
  const sessions: http2.ServerHttp2Session[] = [];
  const server = http2.createSecureServer({ cert: leaf.chainPem, key: leaf.privateKeyPem, ...options });
  server.on('session', (session) => void sessions.push(session));
  server.on('sessionError', () => undefined);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    if (stream.session === undefined) return;
    answer(stream, String(headers[':path']), stream.session as http2.ServerHttp2Session);
  });
  return {
    ...(await listen(server)),
    sessions: () => sessions,
    until: async (isSo) => {
      while (!isSo()) await new Promise(setImmediate);
    },
  };
}

function echo(stream: http2.ServerHttp2Stream): void {
  stream.respond({ ':status': 200 });
  stream.pipe(stream);
}

function formOf(content: Buffer): FormData {
  const form = new FormData();
  form.append('file', new Blob([content]), 'file');
  return form;
}

/** undici takes more than its types say. */
function bodyOf(make: () => unknown): Buffer {
  return make() as Buffer;
}

async function textOf(client: HttpClient, server: TestServer): Promise<string> {
  const response = await client.request(server.origin);
  return response.body.text();
}

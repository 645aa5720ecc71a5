import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createHttpClient, type HttpClient, type HttpRequestOptions } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { failureOf } from '../failure.ts';
import { startScripted, trust, type ScriptedServer } from './scripted-server.ts';

const text = 'a body of héllo';

function form(): FormData {
  const made = new FormData();
  made.append('field', 'a value');
  made.append('file', new File(['a file'], 'a name.txt', { type: 'text/x-mine' }));
  return made;
}

function stream(): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}

async function* parts(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const bytes = new TextEncoder().encode(text);

type FetchBody = NonNullable<Parameters<HttpClient['fetch']>[1]>['body'];

interface SentBody {
  readonly name: string;
  readonly body: () => HttpRequestOptions['body'];
  readonly seen: string | RegExp;
  readonly type?: RegExp;
}

/** What the runtime has for a body, and what a server must see of it. */
const bodies: readonly SentBody[] = [
  { name: 'a text', body: () => text, seen: text },
  { name: 'an empty text', body: () => '', seen: '' },
  { name: 'a Buffer', body: () => Buffer.from(text), seen: text },
  { name: 'a Uint8Array', body: () => bytes, seen: text },
  { name: 'a part of an ArrayBuffer', body: () => new DataView(bytes.buffer, 2, 4), seen: 'body' },
  { name: 'an ArrayBuffer', body: () => bytes.slice().buffer, seen: text },
  { name: 'a Blob', body: () => new Blob([text], { type: 'text/x-mine' }), seen: text, type: /^text\/x-mine$/u },
  {
    name: 'a File',
    body: () => new File([text], 'name', { type: 'text/x-mine' }),
    seen: text,
    type: /^text\/x-mine$/u,
  },
  {
    name: 'URLSearchParams',
    body: () => new URLSearchParams({ a: '1 2', b: 'ü' }),
    seen: 'a=1+2&b=%C3%BC',
    type: /^application\/x-www-form-urlencoded/u,
  },
  {
    name: 'FormData',
    body: form,
    seen: /name="field"\r\n\r\na value\r\n.*filename="a name.txt".*text\/x-mine/su,
    type: /^multipart\/form-data; boundary=/u,
  },
  { name: 'a ReadableStream', body: stream, seen: text },
  { name: 'an async iterator', body: parts, seen: text },
  { name: 'a Readable', body: () => Readable.from([Buffer.from(text)]), seen: text },
];

function startPlain(): Promise<ScriptedServer> {
  return startScripted((_request, response) => response.end('hello'));
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test.each(bodies)('fetch and request send $name of the runtime', async (given) => {
    await using server = await startPlain();
    await using client = createHttpClient({ tls });
    const init = { method: 'POST', duplex: 'half' } as const;
    await (await client.fetch(server.origin, { ...init, body: given.body() as FetchBody })).text();
    await (await client.request(server.origin, { method: 'POST', body: given.body() })).body.text();
    for (const { body, headers } of server.seen) {
      expect(body).toMatch(given.seen);
      expect(String(headers['content-type'])).toMatch(given.type ?? /./u);
    }
    expect(server.seen.length).toBe(2);
  });

  test.each(bodies)('a content type that the program gives stays: $name', async (given) => {
    await using server = await startPlain();
    await using client = createHttpClient({ tls });
    const headers = { 'Content-Type': 'text/x-other' };
    await (await client.request(server.origin, { method: 'POST', body: given.body(), headers })).body.text();
    expect(server.seen[0]?.headers['content-type']).toBe('text/x-other');
  });

  test('the runtime’s Headers are headers of both', async () => {
    await using server = await startPlain();
    await using client = createHttpClient({ tls });
    const headers = new Headers([
      ['x-mine', 'one'],
      ['x-mine', 'two'],
    ]);
    await (await client.fetch(server.origin, { headers })).text();
    await (await client.request(server.origin, { headers })).body.text();
    expect(server.seen.map((seen) => seen.headers['x-mine'])).toEqual(['one, two', 'one, two']);
  });

  test('the runtime’s Request is a request of fetch, with its method, headers, body and signal', async () => {
    await using server = await startPlain();
    await using client = createHttpClient({ tls });
    const abort = new AbortController();
    const headers = { 'x-mine': 'yes' };
    const request = new Request(server.origin, { method: 'PUT', headers, body: text, signal: abort.signal });
    expect(await (await client.fetch(request)).text()).toBe('hello');
    expect(server.seen[0]).toMatchObject({ method: 'PUT', body: text });
    expect(server.seen[0]?.headers['x-mine']).toBe('yes');
    abort.abort();
    const late = new Request(server.origin, { signal: abort.signal });
    expect(await failureOf(client.fetch(late))).toMatchObject({ name: 'AbortError' });
    expect(await failureOf(client.fetch(request))).toBeInstanceOf(TypeError);
  });

  test('a body that is nothing of these fails the call and is not sent', async () => {
    await using server = await startPlain();
    await using client = createHttpClient({ tls });
    for (const body of [{ an: 'object' }, 42, true] as unknown as string[])
      expect(await failureOf(client.request(server.origin, { method: 'POST', body }))).toBeInstanceOf(Error);
    expect(server.seen.length).toBe(0);
  });
});

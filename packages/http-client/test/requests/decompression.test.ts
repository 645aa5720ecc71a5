import https from 'node:https';
import zlib from 'node:zlib';
import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { causeOf, failureOf } from '../failure.ts';
import { listen, type TestServer } from '../servers.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const text = 'all work and no play '.repeat(20_000);
const bomb = zlib.gzipSync(Buffer.alloc(64 << 20));

const coded: Readonly<Record<string, readonly [coding: string, body: Buffer]>> = {
  '/gzip': ['gzip', zlib.gzipSync(text)],
  '/x-gzip': ['x-gzip', zlib.gzipSync(text)],
  '/deflate': ['deflate', zlib.deflateSync(text)],
  '/raw-deflate': ['deflate', zlib.deflateRawSync(text)],
  '/br': ['BR', zlib.brotliCompressSync(text)],
  '/two': ['deflate, gzip', zlib.gzipSync(zlib.deflateSync(text))],
  '/identity': ['identity', Buffer.from(text)],
  '/unknown': ['compress', Buffer.from(text)],
  '/empty': ['gzip', Buffer.alloc(0)],
  '/bomb': ['gzip', bomb],
  '/bomb-in-two-layers': ['gzip, gzip', zlib.gzipSync(bomb)],
  '/cut': ['gzip', zlib.gzipSync(text).subarray(0, -20)],
  '/garbage': ['gzip', Buffer.from(text)],
  '/many': ['gzip, gzip, gzip, gzip', Buffer.from(text)],
};

/** A server that answers with the bodies of the table, and elsewhere with the codings that it was asked for. */
function startCoded(): Promise<TestServer> {
  return listen(
    https.createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem }, (request, response) => {
      const [coding, body] = coded[request.url ?? ''] ?? [];
      if (coding === undefined) return void response.end(String(request.headers['accept-encoding']));
      response.writeHead(request.method === 'POST' ? 418 : 200, { 'content-encoding': coding });
      return void response.end(body);
    }),
  );
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust: root.certificatePem };

  test.each(['/bomb', '/bomb-in-two-layers'])('a bomb ends its body and nothing else: %s', async (path) => {
    await using server = await startCoded();
    await using client = createHttpClient({ tls });
    const code = 'ERR_HTTP_CLIENT_DECODING';
    const requested = await client.request(server.origin + path);
    expect(await failureOf(requested.body.arrayBuffer())).toMatchObject({ code, phase: 'body' });
    const fetched = await client.fetch(server.origin + path);
    expect(await causeOf(fetched.arrayBuffer())).toMatchObject({ code });
    expect(await (await client.fetch(`${server.origin}/gzip`)).text()).toBe(text);
  });

  test('a body ends at `maxSize`, and a ratio may be allowed', async () => {
    await using server = await startCoded();
    await using small = createHttpClient({ tls, decompress: { maxSize: 1000 } });
    const { body } = await small.request(`${server.origin}/gzip`);
    expect(await failureOf(body.text())).toMatchObject({ code: 'ERR_HTTP_CLIENT_DECODING' });
    await using large = createHttpClient({ tls, decompress: { maxRatio: 2000 } });
    expect((await (await large.fetch(`${server.origin}/bomb`)).arrayBuffer()).byteLength).toBe(64 << 20);
  });

  test.each(['/cut', '/garbage'])('a body that is not what its coding says fails: %s', async (path) => {
    await using server = await startCoded();
    await using client = createHttpClient({ tls });
    const requested = await client.request(server.origin + path);
    expect(await failureOf(requested.body.text())).toMatchObject({ code: 'ERR_HTTP_CLIENT_DECODING' });
    const fetched = await client.fetch(server.origin + path);
    expect(await causeOf(fetched.text())).toMatchObject({ code: 'ERR_HTTP_CLIENT_DECODING' });
  });

  test('more codings than three fail the call', async () => {
    await using server = await startCoded();
    await using client = createHttpClient({ tls });
    const code = 'ERR_HTTP_CLIENT_DECODING';
    expect(await failureOf(client.request(`${server.origin}/many`))).toMatchObject({ code });
    expect(await causeOf(client.fetch(`${server.origin}/many`))).toMatchObject({ code });
  });

  test.each(['/gzip', '/x-gzip', '/deflate', '/raw-deflate', '/br', '/two', '/identity', '/unknown'])(
    'decodes what it knows and leaves the rest: %s',
    async (path) => {
      await using server = await startCoded();
      await using client = createHttpClient({ tls });
      for (const method of ['GET', 'POST'] as const) {
        expect(await (await client.request(server.origin + path, { method })).body.text()).toBe(text);
        expect(await (await client.fetch(server.origin + path, { method })).text()).toBe(text);
      }
    },
  );

  test('decodes zstd where Node can, and asks for it there only', async () => {
    const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (text: string) => Buffer };
    await using server = await listen(
      https.createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem }, (request, response) => {
        const isWanted = request.headers['accept-encoding']?.includes('zstd') === true;
        response.writeHead(200, { vary: 'accept-encoding', ...(isWanted && { 'content-encoding': 'zstd' }) });
        response.end(isWanted ? zstdCompressSync?.(text) : text);
      }),
    );
    await using client = createHttpClient({ tls });
    const asking = { headers: { 'accept-encoding': zstdCompressSync === undefined ? 'gzip' : 'zstd' } };
    expect(await (await client.request(server.origin)).body.text()).toBe(text);
    expect(await (await client.fetch(server.origin, asking)).text()).toBe(text);
  });

  test('RFC 9659 §3 a window of zstd that is longer than 8 MiB is refused, and where Node has no zstd nothing is decoded', async () => {
    const bodies = { '/8-MiB': zstdFrame('hello', 23), '/16-MiB': zstdFrame('hello', 24) };
    await using server = await listen(
      https.createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem }, ({ url }, response) => {
        response.writeHead(200, { 'content-encoding': 'zstd' }).end(bodies[url as keyof typeof bodies]);
      }),
    );
    await using client = createHttpClient({ tls });
    const outcomeOf = async (path: keyof typeof bodies): Promise<unknown> => {
      const { body } = await client.request(server.origin + path);
      return body.arrayBuffer().then(
        (bytes) => Buffer.from(bytes).toString('latin1'),
        ({ code }: { readonly code: string }) => code,
      );
    };
    const asSent = [bodies['/8-MiB'], bodies['/16-MiB']].map((body) => body.toString('latin1'));
    const outcomes = [await outcomeOf('/8-MiB'), await outcomeOf('/16-MiB')];
    expect(outcomes).toEqual('createZstdDecompress' in zlib ? ['hello', 'ERR_HTTP_CLIENT_DECODING'] : asSent);
  });

  test('an empty body and the answer to HEAD are not decoded', async () => {
    await using server = await startCoded();
    await using client = createHttpClient({ tls });
    expect(await (await client.request(`${server.origin}/empty`)).body.text()).toBe('');
    expect(await (await client.fetch(`${server.origin}/empty`)).text()).toBe('');
    const head = await client.request(`${server.origin}/gzip`, { method: 'HEAD' });
    expect(head.headers['content-encoding']).toBe('gzip');
    await head.body.dump();
  });

  test('asks for codings unless the request does, or is for a part', async () => {
    await using server = await startCoded();
    await using client = createHttpClient({ tls });
    const asked = async (headers: Record<string, string>): Promise<string> =>
      (await client.request(server.origin, { headers })).body.text();
    expect(await asked({})).toMatch(/br, gzip, deflate$/);
    expect(await asked({ 'Accept-Encoding': 'gzip' })).toBe('gzip');
    expect(await asked({ range: 'bytes=0-1' })).toBe('undefined');
    await using bare = createHttpClient({ tls, decompress: false });
    expect(await (await bare.request(server.origin)).body.text()).toBe('undefined');
    const sent = await bare.request(`${server.origin}/gzip`);
    expect(sent.headers['content-encoding']).toBe('gzip');
    expect(zlib.gunzipSync(Buffer.from(await sent.body.arrayBuffer())).toString()).toBe(text);
  });

  test('a reader that is slow holds the server up', async () => {
    await using server = await startCoded();
    await using client = createHttpClient({ tls, decompress: { maxRatio: 2000 } });
    const { body } = await client.request(`${server.origin}/bomb`);
    let size = 0;
    for await (const chunk of body) {
      size += (chunk as Buffer).length;
      expect(body.readableLength).toBeLessThan(1 << 20);
    }
    expect(size).toBe(64 << 20);
  });
});

test('refuses bounds that are none', () => {
  expect(() => createHttpClient({ decompress: { maxRatio: 0 } })).toThrow(RangeError);
  expect(() => createHttpClient({ decompress: { ratio: 2 } as object })).toThrow(TypeError);
});

/** A frame with one raw block, whose window has so many bits (RFC 8878 §3.1.1). */
function zstdFrame(content: string, windowLog: number): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(3);
  header.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3]), header, bytes]);
}

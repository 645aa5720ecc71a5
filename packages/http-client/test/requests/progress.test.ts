import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createHttpClient, FormData as UndiciFormData, type Progress } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { startScripted, trust } from './scripted-server.ts';

const size = 300_000;
const text = 'x'.repeat(size);

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test.each([
    { name: 'a text', body: () => text, total: size },
    { name: 'bytes', body: () => Buffer.from(text), total: size },
    { name: 'a blob', body: () => new Blob([text]), total: size },
  ])('counts what is sent of $name, whose length is known', async ({ body, total }) => {
    await using server = await startScripted((_request, response) => response.end());
    await using client = createHttpClient({ tls });
    for (const send of ['fetch', 'request'] as const) {
      const told: Progress[] = [];
      const options = { method: 'POST', body: body(), onUploadProgress: (now: Progress) => void told.push(now) };
      await client[send](server.origin, options);
      expect(told.at(-1)).toEqual({ transferred: size, total });
      expect(told.length).toBeGreaterThan(1);
      const seen = server.seen.at(-1);
      expect([seen?.body.length, seen?.headers['content-length']]).toEqual([size, String(size)]);
    }
  });

  test('counts what is sent of streams and forms', async () => {
    await using server = await startScripted((_request, response) => response.end());
    await using client = createHttpClient({ tls });
    const form = new UndiciFormData();
    form.append('field', text);
    const runtimeForm = new FormData();
    runtimeForm.append('field', text);
    for (const body of [Readable.from([text, text]), form, runtimeForm]) {
      const told: Progress[] = [];
      await client.request(server.origin, { method: 'POST', body, onUploadProgress: (now) => void told.push(now) });
      expect(told.at(-1)?.transferred).toBe(server.seen.at(-1)?.body.length);
      expect(told.at(-1)?.transferred).toBeGreaterThan(size);
    }
    expect(server.seen.at(-1)?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/u);
  });

  test('counts what is received, and knows the length that the server says', async () => {
    await using server = await startScripted(({ url }, response) => {
      if (url === '/chunked') return response.write('x', () => response.end(text));
      if (url === '/gzip') return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text));
      if (url === '/redirect') return response.writeHead(302, { location: '/' }).end('moved');
      return response.writeHead(200, { 'content-length': size }).end(text);
    });
    await using client = createHttpClient({ tls, redirect: 'follow' });
    const lastOf = async (path: string): Promise<readonly unknown[]> => {
      const told: Progress[] = [];
      const listener = { onDownloadProgress: (now: Progress) => void told.push(now) };
      await (await client.fetch(server.origin + path, listener)).text();
      const fetched = told.splice(0).at(-1);
      await (await client.request(server.origin + path, listener)).body.text();
      return [fetched, told.at(-1)];
    };
    const whole = { transferred: size, total: size };
    expect(await lastOf('/')).toEqual([whole, whole]);
    expect(await lastOf('/redirect')).toEqual([whole, whole]);
    const unknown = { transferred: size + 1, total: undefined };
    expect(await lastOf('/chunked')).toEqual([unknown, unknown]);
    const compressed = { transferred: gzipSync(text).length, total: undefined };
    expect(await lastOf('/gzip')).toEqual([compressed, compressed]);
  });

  test('a listener that throws hurts nobody but its owner', async () => {
    await using server = await startScripted((_request, response) => response.end(text));
    await using client = createHttpClient({ tls });
    const failure = new Error('the listener’s own');
    const uncaught: unknown[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => uncaught.push(error));
    try {
      const onDownloadProgress = (): never => {
        throw failure;
      };
      expect((await (await client.fetch(server.origin, { onDownloadProgress })).text()).length).toBe(size);
      const body = { method: 'POST', body: text, onUploadProgress: onDownloadProgress } as const;
      expect((await (await client.request(server.origin, body)).body.text()).length).toBe(size);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of others) process.on('uncaughtException', listener);
    }
    expect(new Set(uncaught)).toEqual(new Set([failure]));
  });

  test('a body that fails while it is counted fails the call', async () => {
    await using server = await startScripted((_request, response) => response.end());
    await using client = createHttpClient({ tls });
    const failure = new Error('the body’s own');
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(failure) });
    const sending = client.request(server.origin, {
      method: 'POST',
      body: Readable.fromWeb(body as never),
      onUploadProgress: () => undefined,
    });
    await expect(sending).rejects.toBe(failure);
  });
});

test('refuses a listener that is no function', async () => {
  await using client = createHttpClient();
  const options = { onDownloadProgress: 'loud' } as object;
  await expect(client.request('https://localhost/', options)).rejects.toBeInstanceOf(TypeError);
  await expect(client.fetch('https://localhost/', options)).rejects.toBeInstanceOf(TypeError);
});

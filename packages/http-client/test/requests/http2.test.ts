import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createHttpClient, securityOf, type Progress } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { failureOf } from '../failure.ts';
import { startScriptedHttp2, trust, type ScriptedServer } from './scripted-server.ts';

const bomb = gzipSync(Buffer.alloc(64 << 20));

function startServer(): Promise<ScriptedServer> {
  let isSteady = false;
  return startScriptedHttp2(({ url }, response, body) => {
    if (url === '/bomb') return response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    if (url === '/many') return response.writeHead(200, { 'content-encoding': 'gzip, gzip, gzip, gzip' }).end('x');
    if (url === '/gzip') return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello'));
    if (url === '/login') return response.writeHead(302, { location: '/cookie', 'set-cookie': 'a=1' }).end();
    if (url === '/cookie') return response.end('seen');
    if (url === '/nothing') return undefined;
    if (url === '/unsteady' && !isSteady) {
      isSteady = true;
      return response.writeHead(503, { 'retry-after': '0' }).end();
    }
    return response.end(`hello ${body.length}`);
  });
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test('bodies are decoded, and a bomb ends its own stream only', async () => {
    await using server = await startServer();
    await using client = createHttpClient({ tls, allowH2: true });
    const code = 'ERR_HTTP_CLIENT_DECODING';
    expect(await (await client.request(`${server.origin}/gzip`)).body.text()).toBe('hello');
    const bombed = await client.request(`${server.origin}/bomb`);
    expect(await failureOf(bombed.body.arrayBuffer())).toMatchObject({ code });
    expect(await failureOf(client.request(`${server.origin}/many`))).toMatchObject({ code });
    const response = await client.fetch(`${server.origin}/gzip`);
    expect([await response.text(), securityOf(response)?.alpnProtocol]).toEqual(['hello', 'h2']);
    expect(server.connections()).toBe(1);
  });

  test('redirects carry cookies, and retries wait', async () => {
    await using server = await startServer();
    await using client = createHttpClient({ tls, allowH2: true, cookies: true, redirect: 'follow', retry: true });
    for (const send of ['fetch', 'request'] as const) {
      const response = await client[send](`${server.origin}/login`);
      expect(await ('text' in response ? response : response.body).text()).toBe('seen');
      expect(server.seen.at(-1)?.headers.cookie).toBe('a=1');
    }
    expect((await client.fetch(`${server.origin}/unsteady`)).status).toBe(200);
  });

  test('progress is counted both ways', async () => {
    await using server = await startServer();
    await using client = createHttpClient({ tls, allowH2: true });
    const [up, down]: [Progress[], Progress[]] = [[], []];
    const response = await client.request(server.origin, {
      method: 'POST',
      body: 'x'.repeat(300_000),
      onUploadProgress: (now) => void up.push(now),
      onDownloadProgress: (now) => void down.push(now),
    });
    expect(await response.body.text()).toBe('hello 300000');
    expect(up.at(-1)).toEqual({ transferred: 300_000, total: 300_000 });
    expect(down.at(-1)?.transferred).toBe(12);
  });

  test('a deadline ends its call and no other', async () => {
    await using server = await startServer();
    await using client = createHttpClient({ tls, allowH2: true });
    await (await client.fetch(server.origin)).text();
    const late = failureOf(client.fetch(`${server.origin}/nothing`, { timeout: 100 }));
    expect(await late).toMatchObject({ code: 'ERR_HTTP_CLIENT_TIMEOUT' });
    expect(await (await client.fetch(server.origin)).text()).toBe('hello 0');
    expect(server.connections()).toBe(1);
  });
});

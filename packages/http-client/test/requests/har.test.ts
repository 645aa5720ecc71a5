import { describe, expect, test } from 'vitest';
import { createHarRecorder, createHttpClient, type HarField } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { failureOf } from '../failure.ts';
import { startScripted, trust, type ScriptedServer } from './scripted-server.ts';

function startTold(): Promise<ScriptedServer> {
  return startScripted(({ url = '' }, response) => {
    if (url.startsWith('/redirect'))
      return response
        .writeHead(302, { location: '/?code=from-the-server', 'set-cookie': 'session=from-the-server' })
        .end();
    if (url === '/cut') return response.socket?.destroy();
    return response.writeHead(200, { 'content-type': 'text/plain' }).end('hello');
  });
}

function valueOf(fields: readonly HarField[] | undefined, name: string): string | undefined {
  return fields?.find((field) => field.name === name)?.value;
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test('records each request of a call as HAR 1.2 has it', async () => {
    await using server = await startTold();
    const har = createHarRecorder();
    await using client = createHttpClient({ tls, har, redirect: 'follow' });
    const before = Date.now();
    await (await client.request(`${server.origin}/redirect?a=1`, { headers: { 'X-Mine': 'yes' } })).body.text();
    await (await client.fetch(server.origin, { method: 'POST', body: 'a body' })).text();
    const { version, creator, entries } = har.export().log;
    expect([version, creator.name]).toEqual(['1.2', '@org/http-client']);
    expect(entries.map(({ request, response }) => [request.method, response.status])).toEqual([
      ['GET', 302],
      ['GET', 200],
      ['POST', 200],
    ]);
    const [redirect, answer] = entries;
    expect(redirect?.request.url).toBe(`${server.origin}/redirect?a=1`);
    expect(redirect?.request.queryString).toEqual([{ name: 'a', value: '1' }]);
    expect(valueOf(redirect?.request.headers, 'x-mine')).toBe('yes');
    expect(answer?.response.content).toEqual({ size: 5, mimeType: 'text/plain', comment: '0 bytes of 5 are kept' });
    expect(Date.parse(redirect?.startedDateTime ?? '')).toBeGreaterThanOrEqual(before);
    for (const { time, timings } of entries) {
      const { blocked, dns, connect, send, wait, receive } = timings;
      expect(Math.min(blocked, send, wait, receive)).toBeGreaterThanOrEqual(0);
      expect(time).toBeCloseTo(blocked + Math.max(0, dns) + Math.max(0, connect) + send + wait + receive);
    }
    // The first request made a connection, and the last found one that was there.
    expect(redirect?.timings.ssl).toBeGreaterThan(0);
    expect(redirect?.timings.connect).toBeGreaterThanOrEqual(redirect?.timings.ssl ?? Infinity);
    expect(entries[2]?.timings).toMatchObject({ dns: -1, connect: -1, ssl: -1 });
    expect([redirect?.request.httpVersion, redirect?.response.httpVersion]).toEqual(['HTTP/1.1', 'HTTP/1.1']);
    har.clear();
    expect(har.export().log.entries).toEqual([]);
  });

  test('hides credentials, wherever they stand, unless they are wanted', async () => {
    await using server = await startTold();
    const [hiding, showing] = [
      createHarRecorder({ sensitiveHeaders: ['X-Vault'] }),
      createHarRecorder({ showCredentials: true }),
    ];
    const url = `${server.origin}/redirect?access_token=of-the-program&page=2`;
    const headers = {
      authorization: 'of-the-program',
      cookie: 'session=of-the-program',
      'x-vault': 'of-the-program',
      'x-api-key': 'of-the-program',
      referer: `${server.origin}/?token=of-the-program`,
    };
    for (const har of [hiding, showing]) {
      await using client = createHttpClient({ tls, har });
      await (await client.request(url, { headers })).body.dump();
    }
    const hidden = JSON.stringify(hiding.export());
    expect(hidden).not.toContain('of-the-program');
    expect(hidden).not.toContain('from-the-server');
    expect(hidden).toContain('page=2');
    const shown = JSON.stringify(showing.export());
    expect(shown).toContain('access_token=of-the-program');
    expect(shown).toContain('session=from-the-server');
  });

  test('keeps bodies up to a bound when they are wanted', async () => {
    await using server = await startTold();
    const har = createHarRecorder({ maxBodySize: 4 });
    await using client = createHttpClient({ tls, har });
    await (await client.request(server.origin, { method: 'POST', body: 'a body' })).body.text();
    await (await client.fetch(server.origin, { method: 'POST', body: 'a body' })).text();
    const { entries } = har.export().log;
    expect(entries.length).toBe(2);
    for (const { request } of entries) expect(request).toMatchObject({ bodySize: 6, postData: { text: 'a bo' } });
    expect(server.seen.map(({ body }) => body)).toEqual(['a body', 'a body']);
    const text = Buffer.from('hell').toString('base64');
    const comment = '4 bytes of 5 are kept';
    expect(entries[0]?.response.content).toMatchObject({ size: 5, text, encoding: 'base64', comment });
  });

  test('keeps the newest requests, and says how many are gone', async () => {
    await using server = await startTold();
    const har = createHarRecorder({ maxEntries: 2 });
    await using client = createHttpClient({ tls, har });
    for (const name of ['one', 'two', 'three']) await (await client.fetch(`${server.origin}/${name}`)).text();
    const { entries, comment } = har.export().log;
    expect(entries.map(({ request }) => new URL(request.url).pathname)).toEqual(['/two', '/three']);
    expect(comment).toBe('1 earlier requests were dropped');
  });

  test('records a request that failed', async () => {
    await using server = await startTold();
    const har = createHarRecorder();
    await using client = createHttpClient({ tls, har });
    await failureOf(client.request(`${server.origin}/cut`));
    const [entry] = har.export().log.entries;
    expect(entry?.response).toMatchObject({ status: 0, comment: 'failed: TlsError' });
  });
});

test('refuses what is no recorder, and bounds that are none', () => {
  expect(() => createHttpClient({ har: { export: () => undefined } as never })).toThrow(TypeError);
  expect(() => createHarRecorder({ maxEntries: -1 })).toThrow(RangeError);
  expect(() => createHarRecorder({ entries: 1 } as object)).toThrow(TypeError);
});

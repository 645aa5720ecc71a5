import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { causeOf, failureOf } from '../failure.ts';
import { startScripted, trust, type ScriptedServer } from './scripted-server.ts';

const credentials = {
  authorization: 'Bearer secret',
  cookie: 'session=secret',
  'X-Vault-Token': 'secret',
  'x-harmless': 'yes',
};

/** Redirects `/301` and the like to `/seen`, `/to?URL` to that URL, and answers all else with `hello`. */
function startRedirecting(): Promise<ScriptedServer> {
  return startScripted(({ url = '' }, response) => {
    const status = /^\/(30\d)$/u.exec(url)?.[1];
    if (status !== undefined) return response.writeHead(Number(status), { location: 'seen' }).end();
    if (url.startsWith('/to?'))
      return response.writeHead(302, { location: decodeURIComponent(url.slice(4)) }).end('gone');
    if (url.startsWith('/endless')) return response.writeHead(302, { location: `/endless${url.length}` }).end();
    if (url === '/long') {
      response.writeHead(302, { location: '/seen', 'content-length': 1 << 30 });
      return response.write('a beginning');
    }
    return response.end('hello');
  });
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test('an endless redirect ends after the number that is allowed', async () => {
    await using server = await startRedirecting();
    await using client = createHttpClient({ tls, redirect: 'follow', maxRedirections: 3 });
    expect(await failureOf(client.request(`${server.origin}/endless`))).toMatchObject({
      code: 'ERR_HTTP_CLIENT_REDIRECT',
    });
    expect(server.seen.length).toBe(4);
  });

  test.each(['file:///etc/passwd', 'ftp://localhost/', 'https://', 'javascript:0'])(
    'a redirect to what is no URL of HTTP is an error: %s',
    async (target) => {
      await using server = await startRedirecting();
      await using client = createHttpClient({ tls, redirect: 'follow' });
      const url = `${server.origin}/to?${encodeURIComponent(target)}`;
      expect(await failureOf(client.request(url))).toMatchObject({ code: 'ERR_HTTP_CLIENT_REDIRECT' });
    },
  );

  test('a redirect from https: to http: is refused, even where http: is allowed', async () => {
    await using server = await startRedirecting();
    await using client = createHttpClient({ tls, redirect: 'follow', allowHttp: true });
    const url = `${server.origin}/to?http%3A%2F%2F127.0.0.1%3A8080%2F`;
    expect(await failureOf(client.request(url))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
    expect(await causeOf(client.fetch(url))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  test('another origin gets no credentials, and neither does the first one when it is asked again', async () => {
    await using home = await startRedirecting();
    await using stranger = await startRedirecting();
    const back = encodeURIComponent(`${home.origin}/seen`);
    const url = `${home.origin}/to?${encodeURIComponent(`${stranger.origin}/to?${back}`)}`;
    await using client = createHttpClient({ tls, redirect: 'follow', sensitiveHeaders: ['x-vault-token'] });
    const requested = await client.request(url, { headers: credentials });
    expect(await requested.body.text()).toBe('hello');
    const fetched = await client.fetch(url, { headers: credentials });
    expect(await fetched.text()).toBe('hello');
    for (const at of [0, 2]) {
      expect(home.seen[at]?.headers).toMatchObject({ authorization: 'Bearer secret', 'x-vault-token': 'secret' });
      for (const seen of [stranger.seen[at / 2], home.seen[at + 1]]) {
        expect(seen?.headers).toMatchObject({ 'x-harmless': 'yes' });
        expect(JSON.stringify(seen)).not.toContain('secret');
      }
    }
  });

  test('the same origin gets the credentials again', async () => {
    await using server = await startRedirecting();
    await using client = createHttpClient({ tls, redirect: 'follow' });
    await (await client.request(`${server.origin}/302`, { headers: credentials })).body.dump();
    expect(server.seen[1]?.headers).toMatchObject({ authorization: 'Bearer secret', 'x-vault-token': 'secret' });
  });

  test.each([
    { status: 301, method: 'POST', next: 'GET' },
    { status: 302, method: 'POST', next: 'GET' },
    { status: 303, method: 'PUT', next: 'GET' },
    { status: 307, method: 'POST', next: 'POST' },
    { status: 308, method: 'PUT', next: 'PUT' },
  ] as const)('RFC 9110 §15.4 $status: after $method comes $next', async ({ status, method, next }) => {
    await using server = await startRedirecting();
    await using client = createHttpClient({ tls, redirect: 'follow' });
    const headers = { 'content-type': 'text/plain' };
    const { body } = await client.request(`${server.origin}/${status}`, { method, body: 'a body', headers });
    expect(await body.text()).toBe('hello');
    expect(server.seen[1]).toMatchObject({ method: next, url: '/seen', body: next === 'GET' ? '' : 'a body' });
    expect(server.seen[1]?.headers['content-type']).toBe(next === 'GET' ? undefined : 'text/plain');
  });

  test('a body that is a stream is not sent twice', async () => {
    await using server = await startRedirecting();
    await using client = createHttpClient({ tls, redirect: 'follow' });
    const body = Readable.from(['a ', 'body']);
    const failure = await failureOf(client.request(`${server.origin}/307`, { method: 'POST', body }));
    expect(failure).toMatchObject({ code: 'ERR_HTTP_CLIENT_REDIRECT' });
    expect(server.seen.length).toBe(1);
  });

  test('a redirect is given, followed or refused as the call says, else as the client says', async () => {
    await using server = await startRedirecting();
    await using client = createHttpClient({ tls });
    const url = `${server.origin}/302`;
    const given = await client.request(url);
    expect(given.statusCode).toBe(302);
    await given.body.dump();
    const followed = await client.request(url, { redirect: 'follow', query: { once: 'only' } });
    expect(await followed.body.text()).toBe('hello');
    expect(server.seen.map((seen) => seen.url)).toEqual(['/302', '/302?once=only']);
    expect(await failureOf(client.request(url, { redirect: 'error' }))).toMatchObject({
      code: 'ERR_HTTP_CLIENT_REDIRECT',
    });
  });

  test('the long body of a redirect is not waited for', async () => {
    await using server = await startRedirecting();
    await using client = createHttpClient({ tls, redirect: 'follow' });
    expect(await (await client.request(`${server.origin}/long`)).body.text()).toBe('hello');
  });
});

test('refuses rules that are none', async () => {
  expect(() => createHttpClient({ redirect: 'maybe' as 'follow' })).toThrow(TypeError);
  expect(() => createHttpClient({ maxRedirections: -1 })).toThrow(RangeError);
  expect(() => createHttpClient({ sensitiveHeaders: 'x-token' as unknown as string[] })).toThrow(TypeError);
  await using client = createHttpClient();
  expect(await failureOf(client.request('https://localhost/', { maxRedirections: 1000 }))).toBeInstanceOf(RangeError);
});

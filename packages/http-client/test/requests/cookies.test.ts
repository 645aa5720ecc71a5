import { CookieJar } from 'tough-cookie';
import { describe, expect, test } from 'vitest';
import { createHttpClient, type CookieJar as AnyJar } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { failureOf } from '../failure.ts';
import { startScripted, trust, type ScriptedServer } from './scripted-server.ts';

/** Sets the cookies that a query wants, at `/login` until a cookie is there, and answers with the cookies that came. */
function startBaker(): Promise<ScriptedServer> {
  return startScripted(({ url = '', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'https://localhost');
    response.setHeader('set-cookie', searchParams.getAll('set'));
    if (pathname === '/login' && headers.cookie === undefined)
      return response.writeHead(302, { location: '/login', 'set-cookie': 'session=1; Path=/; Secure; HttpOnly' }).end();
    const to = searchParams.get('to');
    if (to !== null) return response.writeHead(302, { location: to }).end();
    return response.end(headers.cookie ?? 'none');
  });
}

function setting(cookies: readonly string[], to?: string): string {
  const query = new URLSearchParams(cookies.map((cookie): [string, string] => ['set', cookie]));
  if (to !== undefined) query.set('to', to);
  return `/set?${query.toString()}`;
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test('keeps no cookies by default', async () => {
    await using server = await startBaker();
    await using client = createHttpClient({ tls });
    await (await client.fetch(server.origin + setting(['a=1']))).text();
    expect(await (await client.fetch(server.origin)).text()).toBe('none');
  });

  test('each hop of a redirect sets cookies and sends them, also to where it came from', async () => {
    await using server = await startBaker();
    for (const send of ['fetch', 'request'] as const) {
      await using client = createHttpClient({ tls, cookies: true, redirect: 'follow' });
      const response = await client[send](`${server.origin}/login`);
      const body = 'text' in response ? response : response.body;
      expect(await body.text()).toBe('session=1');
    }
  });

  test('another host gets none of them, and sets its own', async () => {
    await using server = await startBaker();
    await using client = createHttpClient({ tls, cookies: true });
    const elsewhere = `https://127.0.0.1:${server.port}`;
    await (await client.fetch(server.origin + setting(['mine=1; Path=/'], elsewhere + setting(['theirs=2'])))).text();
    expect(server.seen[1]?.headers.cookie).toBeUndefined();
    expect(await (await client.fetch(server.origin)).text()).toBe('mine=1');
  });

  test('a server sets no cookie for another site, for a public suffix or of any length', async () => {
    await using server = await startBaker();
    await using client = createHttpClient({ tls, cookies: true });
    const cookies = ['a=1; Domain=example.com', 'b=2; Domain=com', `c=${'x'.repeat(5000)}`, '=;', 'd=4; Path=/'];
    await (await client.fetch(server.origin + setting(cookies))).text();
    expect(await (await client.fetch(server.origin)).text()).toBe('d=4');
  });

  test('a server cannot fill the jar', async () => {
    await using server = await startBaker();
    await using client = createHttpClient({ tls, cookies: true });
    for (let round = 0; round < 10; round += 1) {
      const cookies = Array.from({ length: 30 }, (_, index) => `c${round * 30 + index}=1; Path=/`);
      await (await client.fetch(server.origin + setting(cookies))).text();
    }
    const kept = (await (await client.fetch(server.origin)).text()).split('; ');
    expect(kept.length).toBe(180);
    expect(kept.at(-1)).toBe('c299=1');
  });

  test('the program’s own Cookie header goes first, and to its own server only', async () => {
    await using server = await startBaker();
    await using client = createHttpClient({ tls, cookies: true });
    await (await client.fetch(server.origin + setting(['a=1; Path=/']))).text();
    const headers = { cookie: 'own=1' };
    expect(await (await client.fetch(server.origin, { headers })).text()).toBe('own=1; a=1');
  });

  test('a jar of tough-cookie’s own, or anybody’s, is asked and told', async () => {
    await using server = await startBaker();
    const jar = new CookieJar();
    await jar.setCookie('given=1; Path=/', server.origin);
    await using client = createHttpClient({ tls, cookies: jar });
    expect(await (await client.fetch(server.origin + setting(['got=2; Path=/']))).text()).toBe('given=1');
    expect(await jar.getCookieString(server.origin)).toBe('given=1; got=2');
    const told: unknown[] = [];
    const plain: AnyJar = {
      getCookieString: (url) => `from=${new URL(url).hostname}`,
      setCookie: (cookie, url) => told.push([cookie, url]),
    };
    await using other = createHttpClient({ tls, cookies: plain });
    const url = server.origin + setting(['told=1']);
    expect(await (await other.request(url)).body.text()).toBe('from=localhost');
    expect(told).toEqual([['told=1', url]]);
  });

  test('a fetch without credentials has no cookies and sets none', async () => {
    await using server = await startBaker();
    await using client = createHttpClient({ tls, cookies: true });
    await (await client.fetch(server.origin + setting(['a=1; Path=/']))).text();
    const credentials = 'omit';
    const path = setting(['b=2; Path=/']);
    expect(await (await client.fetch(server.origin + path, { credentials })).text()).toBe('none');
    expect(await (await client.fetch(new Request(server.origin, { credentials }))).text()).toBe('none');
    expect(await (await client.fetch(server.origin)).text()).toBe('a=1');
  });

  test('a jar that refuses a cookie fails no call, one that has none to give does', async () => {
    await using server = await startBaker();
    const failure = new Error('the jar is broken');
    const fail = (): Promise<never> => Promise.reject(failure);
    await using strict = createHttpClient({ tls, cookies: { getCookieString: () => '', setCookie: fail } });
    expect(await (await strict.fetch(server.origin + setting(['a=1']))).text()).toBe('none');
    await using broken = createHttpClient({ tls, cookies: { getCookieString: fail, setCookie: fail } });
    expect(await failureOf(broken.request(server.origin))).toBe(failure);
    expect(server.seen.length).toBe(1);
  });
});

test('refuses what is no jar', () => {
  expect(() => createHttpClient({ cookies: {} as AnyJar })).toThrow(TypeError);
});

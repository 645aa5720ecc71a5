import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient, securityOf, type ProxyOptions } from '../src/index.ts';
import { backends } from './backends.ts';
import { causeOf, failureOf } from './failure.ts';
import { startHttpProxy, startSocksProxy, type TestProxy } from './proxies.ts';
import { startHttp2, startHttps, startPlainHttp } from './servers.ts';

const root = await createRoot();
const trust = root.certificatePem;
const leaf = await root.issue({ names: ['localhost', 'origin.test', '127.0.0.1', '::1'] });
const proxyRoot = await createRoot();
const proxyLeaf = await proxyRoot.issue({ names: ['localhost'] });

/** Each kind of proxy, how it is started and how it is named. */
const kinds = [
  {
    kind: 'http:',
    start: (login?: string) => startHttpProxy(login === undefined ? {} : { login }),
    options: ({ port }: TestProxy): ProxyOptions => ({ url: `http://127.0.0.1:${port}` }),
  },
  {
    kind: 'https:',
    start: (login?: string) => startHttpProxy({ identity: proxyLeaf, ...(login !== undefined && { login }) }),
    options: ({ port }: TestProxy): ProxyOptions => ({
      url: `https://localhost:${port}`,
      tls: { trust: proxyRoot.certificatePem },
    }),
  },
  {
    kind: 'socks5:',
    start: (login?: string) => startSocksProxy(login === undefined ? {} : { login }),
    options: ({ port }: TestProxy): ProxyOptions => ({ url: `socks5://127.0.0.1:${port}` }),
  },
  {
    kind: 'socks5h:',
    start: (login?: string) => startSocksProxy(login === undefined ? {} : { login }),
    options: ({ port }: TestProxy): ProxyOptions => ({ url: `socks5h://127.0.0.1:${port}` }),
  },
];

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  describe.each(kinds)('through a proxy of $kind', ({ kind, start, options }) => {
    test('the origin is verified and answers, by fetch and by request, over one connection', async () => {
      await using server = await startHttps(leaf);
      await using proxy = await start();
      await using client = createHttpClient({ tls, proxy: options(proxy), agent: { connections: 1 } });
      const fetched = await client.fetch(server.origin);
      expect(await fetched.text()).toBe('hello');
      expect(securityOf(fetched)?.serverName).toBe('localhost');
      const requested = await client.request(server.origin);
      expect(await requested.body.text()).toBe('hello');
      expect(proxy.asked).toHaveLength(1);
      expect(server.connections()).toBe(1);
    });

    test('credentials are told to the proxy, and wrong ones are an error that says so', async () => {
      await using server = await startHttps(leaf);
      await using proxy = await start('user:p@ss:wörd');
      const { url, ...rest } = options(proxy);
      const inUrl = String(url).replace('//', `//user:${encodeURIComponent('p@ss:wörd')}@`);
      for (const right of [
        { url: inUrl, ...rest },
        { url, username: 'user', password: 'p@ss:wörd', ...rest },
      ]) {
        await using client = createHttpClient({ tls, proxy: right });
        expect(await (await client.fetch(server.origin)).text()).toBe('hello');
      }
      await using client = createHttpClient({ tls, proxy: { url, username: 'user', password: 'secret', ...rest } });
      const failure = await failureOf(client.request(server.origin));
      expect(failure).toMatchObject({
        code: 'ERR_TLS_PROXY',
        phase: 'proxy',
        status: kind.startsWith('http') ? 407 : undefined,
        proxy: `${kind}//${new URL(String(url)).hostname}:${proxy.port}`,
      });
      expect(proxy.users.filter((user) => user === 'user:p@ss:wörd')).toHaveLength(2);
    });

    test('an origin that is not there is an error of the proxy', async () => {
      const gone = await startHttps(leaf);
      await gone[Symbol.asyncDispose]();
      await using proxy = await start();
      await using client = createHttpClient({ tls, proxy: options(proxy) });
      expect(await causeOf(client.fetch(gone.origin))).toMatchObject({ code: 'ERR_TLS_PROXY', phase: 'proxy' });
    });

    test('the origin must prove the URL’s host through the tunnel, too', async () => {
      await using server = await startHttps(await root.issue({ names: ['other.test'] }));
      await using proxy = await start();
      await using client = createHttpClient({ tls, proxy: options(proxy) });
      expect(await failureOf(client.request(server.origin))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME' });
    });

    test('HTTP/2 is spoken through the tunnel', async () => {
      await using server = await startHttp2(leaf);
      await using proxy = await start();
      await using client = createHttpClient({ tls, allowH2: true, proxy: options(proxy) });
      const responses = await Promise.all([1, 2, 3].map(() => client.fetch(server.origin)));
      for (const response of responses) {
        expect(await response.text()).toBe('hello over 2.0');
        expect(securityOf(response)?.alpnProtocol).toBe('h2');
      }
    });

    test('a large body goes through the tunnel whole, both ways', async () => {
      await using server = await startHttps(leaf);
      await using proxy = await start();
      await using client = createHttpClient({ tls, proxy: options(proxy) });
      const body = Buffer.alloc(3 << 20, 'whole ');
      const response = await client.request(`${server.origin}/echo`, { method: 'POST', body });
      expect(Buffer.from(await response.body.arrayBuffer()).equals(body)).toBe(true);
    });

    test('an IPv4 and an IPv6 address are origins like any other', async () => {
      for (const host of ['127.0.0.1', '::1']) {
        await using server = await startHttps(leaf, { host, port: 0 });
        await using proxy = await start();
        await using client = createHttpClient({ tls, proxy: options(proxy) });
        const url = `https://${host.includes(':') ? `[${host}]` : host}:${server.port}/`;
        expect(await (await client.fetch(url)).text()).toBe('hello');
      }
    });

    test('http: origins are reached through a tunnel, where they are allowed', async () => {
      await using server = await startPlainHttp();
      await using proxy = await start();
      await using client = createHttpClient({ tls, allowHttp: true, proxy: options(proxy) });
      const response = await client.fetch(`http://localhost:${server.port}/`);
      expect(await response.text()).toBe('plain');
      expect(proxy.asked).toHaveLength(1);
    });
  });
});

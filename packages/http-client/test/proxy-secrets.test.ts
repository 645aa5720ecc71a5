import https from 'node:https';
import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { fetch as undiciFetch } from 'undici';
import { createHttpClient, interceptors } from '../src/index.ts';
import { backends } from './backends.ts';
import { causeOf, failureOf } from './failure.ts';
import { startHttpProxy } from './proxies.ts';
import { listen, startHttps, type TestServer } from './servers.ts';

const root = await createRoot();
const trust = root.certificatePem;
const leaf = await root.issue({ names: ['localhost', '127.0.0.1'] });
const proxyRoot = await createRoot();
const proxyLeaf = await proxyRoot.issue({ names: ['localhost'] });
const proxyTrust = proxyRoot.certificatePem;

async function identityOf(name: string): Promise<{ readonly certificateChain: string; readonly privateKey: string }> {
  const { chainPem, privateKeyPem } = await root.issue({ names: [name] });
  return { certificateChain: chainPem, privateKey: privateKeyPem };
}

/** A server that redirects to another one and keeps the fields that it was sent. */
async function startRedirecting(target: string): Promise<TestServer & { readonly heads: NodeJS.Dict<unknown>[] }> {
  const heads: NodeJS.Dict<unknown>[] = [];
  const server = https.createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem }, ({ headers }, response) => {
    heads.push(headers);
    response.writeHead(302, { location: target }).end();
  });
  return { ...(await listen(server)), heads };
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test('credentials of a proxy stay with it, also across redirects to what is reached without it', async () => {
    await using last = await startHttps(leaf);
    await using proxy = await startHttpProxy({ login: 'user:secret' });
    await using second = await startRedirecting(`${last.origin.replace('localhost', '127.0.0.1')}/seen`);
    await using first = await startRedirecting(second.origin);
    const choose = (origin: string): string =>
      origin.includes('127.0.0.1') ? 'none' : `http://user:secret@127.0.0.1:${proxy.port}`;
    const redirect = interceptors.redirect({ maxRedirections: 3 });
    await using client = createHttpClient({ tls, proxy: choose, interceptors: [redirect] });
    const requested = await client.request(first.origin);
    const fetched = await client.fetch(first.origin);
    const seen = [await requested.body.json(), await fetched.json()] as { readonly headers: object }[];
    for (const headers of [...first.heads, ...second.heads, ...seen.map((each) => each.headers)])
      expect(Object.keys(headers)).not.toContain('proxy-authorization');
    expect(proxy.asked).toEqual([`localhost:${first.port}`, `localhost:${second.port}`]);
    expect(new Set(proxy.heads.map((head) => head['proxy-authorization']))).toEqual(
      new Set([`Basic ${Buffer.from('user:secret').toString('base64')}`]),
    );
  });

  test('credentials and further fields are told to the proxy, and nothing of the request is', async () => {
    await using server = await startHttps(leaf);
    await using proxy = await startHttpProxy();
    const url = `http://127.0.0.1:${proxy.port}`;
    await using client = createHttpClient({ tls, proxy: { url, username: 'user', headers: { 'X-Team': 'red' } } });
    const headers = { authorization: 'Bearer of-the-origin', cookie: 'a=b' };
    const response = await client.fetch(`${server.origin}/seen`, { headers });
    const seen = (await response.json()) as { readonly headers: object };
    expect(seen.headers).toMatchObject(headers);
    expect(Object.keys(seen.headers)).not.toContain('x-team');
    expect(proxy.heads).toEqual([
      {
        host: `localhost:${server.port}`,
        connection: 'close',
        'proxy-connection': 'keep-alive',
        'proxy-authorization': `Basic ${Buffer.from('user:').toString('base64')}`,
        'x-team': 'red',
      },
    ]);
  });

  test('RFC 9110 §11.7.2 a request with the field Proxy-Authorization is refused, with a proxy or without', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const headers = { 'Proxy-Authorization': 'Basic secret' };
    const { dispatcher } = client;
    const refusals = await Promise.all([
      failureOf(client.request(server.origin, { headers })),
      failureOf(client.request(server.origin, { headers: Object.entries(headers).flat() })),
      failureOf(client.request(server.origin, { headers: new Map(Object.entries(headers)) })),
      causeOf(client.fetch(server.origin, { headers })),
      causeOf(undiciFetch(server.origin, { headers, dispatcher })),
    ]);
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(TypeError);
    expect(server.connections()).toBe(0);
  });

  test('a proxy of https: must prove its own name to its own roots; the client’s are none of it', async () => {
    await using server = await startHttps(leaf);
    await using proxy = await startHttpProxy({ identity: proxyLeaf });
    const url = `https://localhost:${proxy.port}`;
    const byAddress = `https://127.0.0.1:${proxy.port}`;
    for (const [options, code] of [
      [{ url }, 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER'],
      [{ url, tls: { trust } }, 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER'],
      [{ url: byAddress, tls: { trust: proxyTrust } }, 'ERR_TLS_CERTIFICATE_NAME'],
    ] as const) {
      await using client = createHttpClient({ tls, proxy: options });
      const failure = await failureOf(client.request(server.origin));
      expect(failure).toMatchObject({ code, phase: 'proxy', proxy: options.url, family: 'certificate' });
      expect((failure as { readonly certificate?: object }).certificate).toBeDefined();
    }
    expect(proxy.asked).toEqual([]);
    const named = { url: byAddress, tls: { trust: proxyTrust }, serverName: 'localhost' };
    await using client = createHttpClient({ tls, proxy: named });
    expect(await (await client.fetch(server.origin)).text()).toBe('hello');
    await using sharing = createHttpClient({ tls: { backend, trust: proxyTrust }, proxy: url });
    const unknown = { code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', phase: 'proxy' };
    expect(await failureOf(sharing.request(server.origin))).toMatchObject(unknown);
    await using trusting = createHttpClient({ tls: { backend, trust: proxyTrust }, proxy: named });
    expect(await causeOf(trusting.fetch(server.origin))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
  });

  test('the client’s certificate is not shown to a proxy of https:, which may be given one of its own', async () => {
    await using server = await startHttps(leaf);
    const identity = await identityOf('client.example');
    await using proxy = await startHttpProxy({ identity: proxyLeaf });
    const url = `https://localhost:${proxy.port}`;
    for (const own of [{}, { identity: await identityOf('guest.example') }]) {
      const proxyTls = { trust: proxyTrust, ...own };
      await using client = createHttpClient({ tls: { ...tls, identity }, proxy: { url, tls: proxyTls } });
      expect(await (await client.fetch(server.origin)).text()).toBe('hello');
    }
    expect(proxy.certificates).toEqual([undefined, 'DNS:guest.example']);
  });

  test('a proxy that is not there is an error that names it', async () => {
    const gone = await startHttps(leaf);
    await gone[Symbol.asyncDispose]();
    for (const scheme of ['http:', 'https:', 'socks5:', 'socks5h:']) {
      await using client = createHttpClient({ tls, proxy: `${scheme}//user:secret@127.0.0.1:${gone.port}` });
      const failure = await failureOf(client.request('https://127.0.0.1/'));
      const proxy = `${scheme}//127.0.0.1:${gone.port}`;
      expect(failure).toMatchObject({ code: 'ERR_TLS_TRANSPORT', nodeCode: 'ECONNREFUSED', phase: 'proxy', proxy });
      expect(String(failure)).toContain(proxy);
    }
  });
});

import { inspect } from 'node:util';
import { createBackend } from '@org/tls-pure';
import { describe, expect, test } from 'vitest';
import { createHttpClient, type HttpClientOptions, type ProxyOptions } from '../src/index.ts';
import { ProxyServer } from '../src/routes/proxy-server.ts';

const backend = createBackend();

function thrownBy(options: unknown): unknown {
  try {
    createHttpClient(options as HttpClientOptions);
  } catch (error) {
    return error;
  }
  return expect.unreachable('expected an error');
}

describe('a proxy that makes no sense is refused when the client is made', () => {
  const url = 'http://proxy.test';
  test.each<[string, unknown, object]>([
    ['a number', 3128, { name: 'TypeError' }],
    ['null', null, { name: 'TypeError' }],
    ['a list', [url], { name: 'TypeError' }],
    ['no URL', 'proxy', { code: 'ERR_TLS_CONFIG' }],
    ['a URL without a scheme', 'user:secret@proxy.test:3128', { code: 'ERR_TLS_CONFIG' }],
    ['another scheme', 'ws://user:secret@proxy.test', { code: 'ERR_TLS_CONFIG' }],
    ['a path', 'http://user:secret@proxy.test/path', { code: 'ERR_TLS_CONFIG' }],
    ['an unknown option', { url, tyop: 'secret' }, { name: 'TypeError' }],
    ['no URL in the object', { username: 'secret' }, { name: 'TypeError' }],
    ['TLS to a proxy of http:', { url, tls: {} }, { name: 'TypeError' }],
    ['a name to be proven by a proxy of http:', { url, serverName: 'proxy.test' }, { name: 'TypeError' }],
    ['a bad name', { url: 'https://proxy.test', serverName: 'bad name' }, { code: 'ERR_TLS_CONFIG' }],
    ['an unknown option of TLS', { url: 'https://proxy.test', tls: { backend, tyop: 1 } }, { name: 'TypeError' }],
    ['a token for SOCKS', { url: 'socks5://proxy.test', token: 'secret' }, { name: 'TypeError' }],
    ['headers for SOCKS', { url: 'socks5://proxy.test', headers: {} }, { name: 'TypeError' }],
    ['credentials twice', { url: 'http://user:secret@proxy.test', token: 'secret' }, { name: 'TypeError' }],
    ['credentials twice, too', { url, username: 'user', password: 'secret', token: 'secret' }, { name: 'TypeError' }],
    ['a bad token', { url, token: 'a secret' }, { code: 'ERR_TLS_CONFIG' }],
    ['a user name with a colon', { url, username: 'us:er', password: 'secret' }, { code: 'ERR_TLS_CONFIG' }],
    ['a password that is no text', { url, username: 'user', password: 1 }, { name: 'TypeError' }],
    ['a bad field name', { url, headers: { 'a secret': 'b' } }, { code: 'ERR_TLS_CONFIG' }],
    ['a bad field value', { url, headers: { a: 'secret\r\nb: c' } }, { code: 'ERR_TLS_CONFIG' }],
    ['a field that is no text', { url, headers: { a: 1 } }, { name: 'TypeError' }],
    ['a host of its own', { url, headers: { Host: 'secret' } }, { name: 'TypeError' }],
    ['a body', { url, headers: { 'Content-Length': '3' } }, { name: 'TypeError' }],
    [
      'credentials in a field, too',
      { url, token: 'secret', headers: { 'Proxy-Authorization': 'secret' } },
      { name: 'TypeError' },
    ],
  ])('%s', (_what, proxy, expected) => {
    const error = thrownBy({ tls: { backend }, proxy });
    expect(error).toMatchObject(expected);
    expect(inspect(error)).not.toContain('secret');
    const origin = 'https://origin.test';
    expect(thrownBy({ tls: { backend }, origins: { [origin]: { proxy } } })).toMatchObject(expected);
  });
});

test.each<[string, unknown]>([
  ['a socket and a proxy', { socketPath: '/socket', proxy: 'none' }],
  ['TLS of an origin that is no object', { origins: { 'https://origin.test': { tls: 5 } } }],
  ['TLS of a proxy that is no object', { proxy: { url: 'https://proxy.test', tls: 5 } }],
  ['TLS of a proxy that is null', { proxy: { url: 'https://proxy.test', tls: null } }],
  ['a name of a proxy that is null', { proxy: { url: 'https://proxy.test', serverName: null } }],
  ['a time that is no number', { connectTimeout: 'soon' }],
  ['a socket without a path', { socketPath: '' }],
  ['a socket that is no text', { socketPath: 1 }],
  ['origins that are none', { origins: 1 }],
  ['an unknown option of an origin', { origins: { 'https://origin.test': { tyop: 1 } } }],
  ['TLS to an origin of http:', { origins: { 'http://origin.test': { tls: {} } } }],
  ['a name to be proven by an origin of http:', { origins: { 'http://origin.test': { serverName: 'a' } } }],
  ['a socket and a proxy of an origin', { origins: { 'https://origin.test': { socketPath: 'a', proxy: 'none' } } }],
])('%s is a TypeError', (_what, options) => {
  expect(thrownBy(options)).toBeInstanceOf(TypeError);
});

test.each([-1, Number.NaN, 2 ** 31])('connectTimeout refuses a time that cannot be: %s', (connectTimeout) => {
  expect(thrownBy({ connectTimeout })).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'connectTimeout' });
});

test.each<[ProxyOptions, string, object]>([
  [{ url: 'http://proxy.test' }, 'http://proxy.test:80', {}],
  [{ url: 'HTTPS://Proxy.test/' }, 'https://proxy.test:443', {}],
  [{ url: 'https://proxy.test:80' }, 'https://proxy.test:80', {}],
  [{ url: 'http://proxy.test:443' }, 'http://proxy.test:443', {}],
  [{ url: 'socks5://proxy.test' }, 'socks5://proxy.test:1080', {}],
  [{ url: 'socks5h://bücher.test:80' }, 'socks5h://xn--bcher-kva.test:80', {}],
  [{ url: new URL('socks5://[2001:DB8::1]:443') }, 'socks5://[2001:db8::1]:443', {}],
  [
    { url: 'http://a%40b:p%3A%20%C3%B6@proxy.test' },
    'http://proxy.test:80',
    { 'proxy-authorization': basic('a@b:p: ö') },
  ],
  [{ url: 'http://user@proxy.test' }, 'http://proxy.test:80', { 'proxy-authorization': basic('user:') }],
  [
    { url: 'http://proxy.test', username: 'user', password: 'pass' },
    'http://proxy.test:80',
    { 'proxy-authorization': basic('user:pass') },
  ],
  [{ url: 'http://proxy.test', token: 'a.b~c=' }, 'http://proxy.test:80', { 'proxy-authorization': 'Bearer a.b~c=' }],
  [{ url: 'http://proxy.test', headers: { 'X-Team': 'red' } }, 'http://proxy.test:80', { 'x-team': 'red' }],
])('%j is the proxy %s', (options, route, headers) => {
  const proxy = new ProxyServer(options, 'proxy', undefined);
  expect(proxy.route).toBe(route);
  expect(proxy.connectHeaders()).toEqual(headers);
});

test('what is secret is not shown by inspect and by JSON', () => {
  const proxy = new ProxyServer({ url: 'https://user:secret@proxy.test' }, 'proxy', { backend });
  const encoded = basic('user:secret').slice('Basic '.length);
  const shown = inspect(proxy, { depth: 9, showHidden: true, getters: true }) + JSON.stringify(proxy);
  for (const secret of ['user', 'secret', encoded]) expect(shown).not.toContain(secret);
  const client = createHttpClient({ tls: { backend }, proxy: 'http://user:secret@proxy.test' });
  expect(inspect(client, { depth: 9, showHidden: true })).not.toContain('secret');
});

function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString('base64')}`;
}

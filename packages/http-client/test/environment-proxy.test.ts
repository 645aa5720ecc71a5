import { describe, expect, test } from 'vitest';
import { environmentProxy } from '../src/index.ts';

const proxy = 'http://proxy.test:3128';

/** What an environment says of an origin. */
function chosen(environment: Readonly<Record<string, string>>, origin: string): string {
  return environmentProxy(environment)(origin);
}

describe('which variable counts', () => {
  const https = 'https://origin.test';
  const http = 'http://origin.test';
  test.each<[Readonly<Record<string, string>>, string, string]>([
    [{}, https, 'none'],
    [{ HTTPS_PROXY: proxy }, https, proxy],
    [{ https_proxy: proxy }, https, proxy],
    [{ https_proxy: proxy, HTTPS_PROXY: 'http://other.test' }, https, proxy],
    [{ https_proxy: '', HTTPS_PROXY: proxy }, https, proxy],
    [{ HTTPS_PROXY: ' ' }, https, 'none'],
    [{ HTTP_PROXY: proxy }, https, 'none'],
    [{ HTTPS_PROXY: proxy }, http, 'none'],
    [{ HTTP_PROXY: proxy }, http, proxy],
    [{ http_proxy: proxy }, http, proxy],
    [{ ALL_PROXY: proxy }, https, proxy],
    [{ all_proxy: proxy }, http, proxy],
    [{ all_proxy: 'http://other.test', HTTPS_PROXY: proxy }, https, proxy],
    [{ HTTPS_PROXY: 'proxy.test:3128' }, https, proxy],
    [{ HTTPS_PROXY: 'user:p%40ss@proxy.test:3128' }, https, 'http://user:p%40ss@proxy.test:3128'],
    [{ HTTPS_PROXY: 'socks5h://proxy.test' }, https, 'socks5h://proxy.test'],
  ])('%j sends %s to %s', (environment, origin, expected) => {
    expect(chosen(environment, origin)).toBe(expected);
  });

  test('HTTP_PROXY is passed over in a CGI program, where the client of the server makes it (httpoxy)', () => {
    const cgi = { REQUEST_METHOD: 'GET', HTTP_PROXY: proxy };
    expect(chosen(cgi, http)).toBe('none');
    expect(chosen({ ...cgi, ALL_PROXY: 'http://other.test' }, http)).toBe('http://other.test');
    expect(chosen({ ...cgi, HTTPS_PROXY: proxy }, https)).toBe(proxy);
  });

  test('the environment is read once', () => {
    const environment = { HTTPS_PROXY: proxy };
    const choose = environmentProxy(environment);
    environment.HTTPS_PROXY = 'http://other.test';
    expect(choose(https)).toBe(proxy);
  });
});

describe('what cannot be', () => {
  test.each([
    'ftp://user:secret@proxy.test',
    'socks4://user:secret@proxy.test',
    'http://user:secret@',
    'http://user:secret@proxy.test/path',
    'http://user:secret@proxy.test?query',
    'http://user:secret@proxy.test#fragment',
    'http://user:secret@proxy.test:99999',
    'http://user:secret%zz@proxy.test',
    'http://us%3Aer:secret@proxy.test',
    'http://user:secret%0A@proxy.test',
    `socks5://${'u'.repeat(256)}:secret@proxy.test`,
    'socks5://:secret@proxy.test',
    'http://[::1',
    'http:// secret',
  ])('is an error that names the variable and shows no secret: %s', (value) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'all_proxy', 'HTTP_PROXY']) {
      const error = thrownBy(() => environmentProxy({ [name]: value }));
      expect(error).toMatchObject({ code: 'ERR_TLS_CONFIG', option: name });
      expect(String(error)).toContain(name);
      expect(String(error)).not.toMatch(/secret|user:|uuu/u);
    }
  });

  test.each([
    '127.*',
    'example.*',
    '10.0.0.0/33',
    '10.0.0/8',
    '::/129',
    'example.test/path',
    'user@example.test',
    'example.test:0',
    'example.test:65536',
    'example.test:http',
    '10',
    '300.1.1.1',
    '[::1',
    '<local>',
    '.',
    '*.',
  ])('is an error in NO_PROXY: %s', (entry) => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      const environment = { HTTPS_PROXY: proxy, [name]: `fine.test, ${entry}` };
      expect(thrownBy(() => environmentProxy(environment))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: name });
    }
  });

  test('NO_PROXY excepts from nothing where there is no proxy, and is not read then', () => {
    expect(chosen({ NO_PROXY: '127.*' }, 'https://origin.test')).toBe('none');
  });
});

describe('who is reached without a proxy', () => {
  test.each<[string, string, boolean]>([
    // [NO_PROXY, the origin's host and port, whether a proxy is passed by]
    ['*', 'origin.test', true],
    ['other.test, *', 'origin.test', true],
    ['origin.test', 'origin.test', true],
    ['ORIGIN.test', 'origin.TEST', true],
    ['origin.test', 'www.origin.test', true],
    ['origin.test', 'aorigin.test', false],
    ['origin.test', 'origin.test.other', false],
    ['origin.test.', 'origin.test', true],
    ['origin.test', 'origin.test.', true],
    ['.origin.test', 'www.origin.test', true],
    ['.origin.test', 'origin.test', false],
    ['*.origin.test', 'www.origin.test', true],
    ['*.origin.test', 'origin.test', false],
    ['origin.test:8443', 'origin.test:8443', true],
    ['origin.test:8443', 'origin.test', false],
    ['origin.test:443', 'origin.test', true],
    ['.origin.test:8443', 'www.origin.test:8443', true],
    ['bücher.test', 'xn--bcher-kva.test', true],
    ['other.test origin.test', 'origin.test', true],
    [' other.test ,,origin.test, ', 'origin.test', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.10', false],
    ['192.0.2.1', 'www.192.0.2.1.test', false],
    ['192.0.2.1:8443', '192.0.2.1:8443', true],
    ['192.0.2.1:8443', '192.0.2.1', false],
    ['192.0.2.0/24', '192.0.2.99', true],
    ['192.0.2.0/24', '192.0.3.1', false],
    ['192.0.2.77/25', '192.0.2.127', true],
    ['192.0.2.77/25', '192.0.2.128', false],
    ['0.0.0.0/0', '192.0.2.1', true],
    ['0.0.0.0/0', '[2001:db8::1]', false],
    ['0.0.0.0/0', 'origin.test', false],
    ['2001:db8::1', '[2001:db8:0::1]', true],
    ['[2001:db8::1]', '[2001:db8::1]', true],
    ['[2001:db8::1]:8443', '[2001:db8::1]:8443', true],
    ['[2001:db8::1]:8443', '[2001:db8::1]', false],
    ['2001:db8::/32', '[2001:db8:ffff::1]', true],
    ['2001:db8::/32', '[2001:db9::1]', false],
    ['192.0.2.1', '[::ffff:192.0.2.1]', true],
    ['::ffff:192.0.2.0/120', '192.0.2.9', true],
    ['', 'origin.test', false],
    // this machine, whatever is said
    ['', 'localhost', true],
    ['', 'localhost:8443', true],
    ['', 'www.localhost', true],
    ['', 'localhost.', true],
    ['', '127.0.0.1', true],
    ['', '127.9.9.9:1', true],
    ['', '[::1]', true],
    ['', '[::ffff:127.0.0.1]', true],
    ['', 'localhost.test', false],
    ['', 'notlocalhost', false],
    ['', '128.0.0.1', false],
  ])('NO_PROXY=%j and https://%s: without a proxy %s', (exceptions, host, isExcepted) => {
    const expected = isExcepted ? 'none' : proxy;
    const { origin } = new URL(`https://${host}`);
    expect(chosen({ HTTPS_PROXY: proxy, NO_PROXY: exceptions }, origin)).toBe(expected);
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return expect.unreachable('expected an error');
}

import { once } from 'node:events';
import net from 'node:net';
import { inspect } from 'node:util';
import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../src/index.ts';
import { createRoutes } from '../src/routes/open-route.ts';
import { readOrigins } from '../src/routes/origins.ts';
import { backends } from './backends.ts';
import { failureOf } from './failure.ts';
import { startScriptedProxy } from './proxies.ts';
import { listen, startHttps } from './servers.ts';

const root = await createRoot();
const trust = root.certificatePem;
const leaf = await root.issue({ names: ['localhost'] });

type Answer = (socket: net.Socket, head: string) => void;

const established = 'HTTP/1.1 200 Connection established\r\n\r\n';

/** Writes something over and over, until the connection is closed. */
function endlessly(socket: net.Socket, text: string): void {
  if (socket.destroyed) return;
  socket.write(text);
  setImmediate(endlessly, socket, text);
}

const says =
  (text: string): Answer =>
  (socket) =>
    void socket.write(text, 'latin1');

/** What a proxy does with CONNECT, and what the request fails with. */
const wrongs: readonly (readonly [
  what: string,
  answer: Answer,
  expected: { readonly code: string; readonly status?: number | undefined },
])[] = [
  ['says no HTTP', says('SSH-2.0-OpenSSH_9.2\r\n'), { code: 'ERR_TLS_PROXY', status: undefined }],
  ['says what it was told', (socket, head) => void socket.write(head), { code: 'ERR_TLS_PROXY' }],
  [
    'says what it was told as its answer',
    (socket, head) =>
      void socket.write(
        `HTTP/1.1 403 ${head.replaceAll('\r\n', ' ')}\r\nX-Told: ${head.replaceAll('\r\n', ' ')}\r\n\r\n`,
      ),
    { code: 'ERR_TLS_PROXY', status: 403 },
  ],
  ['says a version that there is not', says('HTTP/7.3 200 OK\r\n\r\n'), { code: 'ERR_TLS_PROXY' }],
  [
    'says a field without an end',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Endless: ');
      endlessly(socket, 'a'.repeat(1000));
    },
    { code: 'ERR_TLS_PROXY' },
  ],
  [
    'says fields without an end',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      endlessly(socket, 'X-Endless: a\r\n'.repeat(50));
    },
    { code: 'ERR_TLS_PROXY' },
  ],
  [
    'says a reason without an end',
    (socket) => {
      socket.write('HTTP/1.1 200 ');
      endlessly(socket, 'OK');
    },
    { code: 'ERR_TLS_TIMEOUT' },
  ],
  ['says nothing', () => undefined, { code: 'ERR_TLS_TIMEOUT' }],
  ['says half of an answer', says('HTTP/1.1 200 OK\r\nVia: 1.1 p'), { code: 'ERR_TLS_TIMEOUT' }],
  ['hangs up', (socket) => void socket.end(), { code: 'ERR_TLS_PROXY' }],
  ['hangs up in its answer', (socket) => void socket.end('HTTP/1.1 200 O'), { code: 'ERR_TLS_PROXY' }],
  ['resets', (socket) => void socket.resetAndDestroy(), { code: 'ERR_TLS_PROXY' }],
  [
    'wants credentials, and has a body',
    says('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 5\r\n\r\nhello'),
    { code: 'ERR_TLS_PROXY', status: 407 },
  ],
  ['forbids it', says('HTTP/1.1 403 Forbidden\r\n\r\n'), { code: 'ERR_TLS_PROXY', status: 403 }],
  ['is broken', (socket) => void socket.end('HTTP/1.1 502 No\r\n\r\n'), { code: 'ERR_TLS_PROXY', status: 502 }],
  [
    'leads elsewhere',
    says('HTTP/1.1 302 Found\r\nLocation: https://localhost/\r\n\r\n'),
    { code: 'ERR_TLS_PROXY', status: 302 },
  ],
  [
    'switches protocols',
    says('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    { code: 'ERR_TLS_PROXY' },
  ],
  ['has CONNECT continued', says('HTTP/1.1 100 Continue\r\n\r\n'), { code: 'ERR_TLS_PROXY' }],
  ['agrees and hangs up', (socket) => void socket.end(established), { code: 'ERR_TLS_TRUNCATED' }],
  ['agrees and says no TLS', says(`${established}hello, this is no TLS`), { code: 'ERR_TLS_NOT_TLS' }],
];

/** What a SOCKS proxy says first, and what the request fails with. */
const wrongsOfSocks: readonly (readonly [
  what: string,
  answer: Answer,
  expected: { readonly code: string; readonly status?: number | undefined },
])[] = [
  ['says no SOCKS', says('HTTP/1.1 400 Bad Request\r\n\r\n'), { code: 'ERR_TLS_PROXY' }],
  ['says nothing', () => undefined, { code: 'ERR_TLS_TIMEOUT' }],
  ['hangs up', (socket) => void socket.end(), { code: 'ERR_TLS_PROXY' }],
  ['resets', (socket) => void socket.resetAndDestroy(), { code: 'ERR_TLS_PROXY' }],
  ['takes no way of authentication', says('\u0005\u00FF'), { code: 'ERR_TLS_PROXY' }],
  ['takes a way that was not offered', says('\u0005\u0001'), { code: 'ERR_TLS_PROXY' }],
  ['has another version', says('\u0004\u0000'), { code: 'ERR_TLS_PROXY' }],
  ['refuses', says('\u0005\u0000\u0005\u0002\u0000\u0001\0\0\0\0\0\0'), { code: 'ERR_TLS_PROXY' }],
  ['stops in its answer', says('\u0005\u0000\u0005\u0000\u0000\u0003\u00FFexample'), { code: 'ERR_TLS_TIMEOUT' }],
  [
    'has no such kind of address',
    says('\u0005\u0000\u0005\u0000\u0000\u0009\0\0\0\0\0\0'),
    { code: 'ERR_TLS_NOT_TLS' },
  ],
];

const granted = '\u0005\u0000\u0000\u0001\0\0\0\0\0\0';

/** Only what waits for the time to be over has one: nothing else depends on how busy the machine is. */
function patience({ code }: { readonly code: string }): number {
  return code === 'ERR_TLS_TIMEOUT' ? 100 : 0;
}

/** What is known of an error holds no credentials, in any form. */
function expectNoSecret(failure: unknown): void {
  const shown = inspect(failure, { depth: 12, showHidden: true });
  for (const secret of ['secret', Buffer.from('user:secret').toString('base64')]) expect(shown).not.toContain(secret);
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test.each(wrongs)('a proxy that %s is an error, and its connection is closed', async (_what, answer, expected) => {
    await using proxy = await startScriptedProxy(answer);
    await using client = createHttpClient({
      tls,
      proxy: `http://user:secret@127.0.0.1:${proxy.port}`,
      connectTimeout: patience(expected),
    });
    const failure = await failureOf(client.request('https://localhost/'));
    expect(failure).toMatchObject(expected);
    expectNoSecret(failure);
    await proxy.closed();
  });

  test.each(wrongsOfSocks)(
    'a SOCKS proxy that %s is an error, and its connection is closed',
    async (_what, answer, expected) => {
      await using proxy = await startScriptedProxy(answer);
      await using client = createHttpClient({
        tls,
        proxy: `socks5h://user:secret@127.0.0.1:${proxy.port}`,
        connectTimeout: patience(expected),
      });
      const failure = await failureOf(client.request('https://localhost/'));
      expect(failure).toMatchObject(expected);
      expectNoSecret(failure);
      await proxy.closed();
    },
  );

  test.each(['Content-Length: 5', 'Transfer-Encoding: chunked'])(
    'RFC 9110 §9.3.6 an answer that comes byte by byte opens the tunnel, whatever it says of a body: %s',
    async (field) => {
      await using server = await startHttps(leaf);
      const head = `HTTP/1.1 200 OK\r\n${field}\r\n\r\n`;
      await using proxy = await startScriptedProxy((socket) => {
        const onward = net.connect(server.port, '127.0.0.1');
        socket.on('close', () => onward.destroy());
        onward.on('error', () => socket.destroy());
        const say = (at: number): void => {
          if (at === head.length) socket.pipe(onward).pipe(socket);
          else socket.write(head.charAt(at), () => setImmediate(say, at + 1));
        };
        socket.setNoDelay();
        say(0);
      });
      await using client = createHttpClient({ tls, proxy: `http://127.0.0.1:${proxy.port}` });
      expect(await (await client.fetch(server.origin)).text()).toBe('hello');
    },
  );

  test.each(['fetch', 'request'] as const)(
    '%s aborted while the proxy says nothing leaves no connection',
    async (method) => {
      for (const scheme of ['http', 'socks5h']) {
        const abort = new AbortController();
        const reason = new Error('changed my mind');
        await using proxy = await startScriptedProxy(() => abort.abort(reason));
        await using client = createHttpClient({ tls, proxy: `${scheme}://127.0.0.1:${proxy.port}` });
        expect(await failureOf(client[method]('https://localhost/', { signal: abort.signal }))).toBe(reason);
        await proxy.closed();
      }
    },
  );

  test.each(['http', 'https', 'socks5', 'socks5h'])(
    'a proxy of %s: that resets every connection at once is an error',
    async (scheme) => {
      await using proxy = await listen(net.createServer((socket) => void socket.resetAndDestroy()));
      await using client = createHttpClient({ tls, proxy: `${scheme}://127.0.0.1:${proxy.port}` });
      for (let turn = 0; turn < 20; turn += 1) {
        const failure = await failureOf(client.request('https://localhost/'));
        expect(failure).toMatchObject({ family: 'transport', phase: 'proxy' });
      }
    },
  );

  test('destroying the client ends what waits for a proxy', async () => {
    const client = createHttpClient({ tls, proxy: 'none' });
    await using proxy = await startScriptedProxy(() => void waiting.destroy());
    const waiting = createHttpClient({ tls, proxy: `http://127.0.0.1:${proxy.port}` });
    expect(await failureOf(waiting.request('https://localhost/'))).toBeInstanceOf(Error);
    await proxy.closed();
    await client.close();
  });
});

test.each([
  ['http', (socket: net.Socket) => void socket.write(`${established}the origin’s`)],
  [
    'socks5h',
    (socket: net.Socket) => {
      socket.once('data', () => void socket.write(`${granted}the origin’s`, 'latin1'));
      socket.write('\u0005\u0000', 'latin1');
    },
  ],
])('bytes behind the answer of a proxy of %s: are the origin’s, and are kept', async (scheme, answer) => {
  await using proxy = await startScriptedProxy(answer);
  const open = createRoutes(readOrigins({ proxy: `${scheme}://127.0.0.1:${proxy.port}` }));
  const destination = { origin: 'http://localhost', host: 'localhost', port: 80 };
  const { transport, route } = await open(destination, { signal: new AbortController().signal });
  expect(route).toBe(`${scheme}://127.0.0.1:${proxy.port}`);
  const coming = once(transport, 'data') as Promise<[Buffer]>;
  transport.resume();
  const [bytes] = await coming;
  expect(bytes.toString('latin1').startsWith('the origin')).toBe(true);
  transport.destroy();
  await proxy.closed();
});

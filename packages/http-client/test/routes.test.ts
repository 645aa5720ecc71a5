import { getEventListeners } from 'node:events';
import { createRoot } from '@org/pki';
import { createBackend } from '@org/tls-pure';
import { describe, expect, test } from 'vitest';
import { createRoutes } from '../src/routes/open-route.ts';
import { readOrigins, type ClientWideOptions } from '../src/routes/origins.ts';
import type { Destination, RoutePhase } from '../src/routes/route.ts';
import { failureOf } from './failure.ts';
import { startHttpProxy, startSocksProxy, type TestProxy } from './proxies.ts';
import { startPlainHttp, temporaryFolder } from './servers.ts';
import { join } from 'node:path';

const root = await createRoot();
const identity = await root.issue({ names: ['localhost'] });
const tls = { backend: createBackend(), trust: root.certificatePem };

/** Each way, who stands on it, and the steps that it has. */
const ways: readonly {
  readonly way: string;
  readonly start?: () => Promise<TestProxy>;
  readonly options: (port: number) => ClientWideOptions;
  readonly phases: readonly RoutePhase[];
}[] = [
  { way: 'direct', options: () => ({ proxy: 'none' }), phases: ['lookup', 'connect'] },
  {
    way: 'http:',
    start: () => startHttpProxy(),
    options: (port) => ({ proxy: `http://localhost:${port}` }),
    phases: ['lookup', 'connect', 'proxy'],
  },
  {
    way: 'https:',
    start: () => startHttpProxy({ identity }),
    options: (port) => ({ proxy: { url: `https://localhost:${port}`, tls } }),
    phases: ['lookup', 'connect', 'proxy', 'proxy'],
  },
  {
    way: 'socks5:',
    start: () => startSocksProxy(),
    options: (port) => ({ proxy: `socks5://127.0.0.1:${port}` }),
    phases: ['lookup', 'connect', 'proxy'],
  },
  {
    way: 'socks5h:',
    start: () => startSocksProxy(),
    options: (port) => ({ proxy: `socks5h://localhost:${port}` }),
    phases: ['lookup', 'connect', 'proxy'],
  },
];

describe.each(ways)('the way $way', ({ way, start, options, phases }) => {
  test('says its steps as it takes them, and which way it was', async () => {
    await using server = await startPlainHttp();
    await using proxy = await start?.();
    const port = proxy?.port ?? 0;
    const open = createRoutes(readOrigins(options(port)));
    const told: RoutePhase[] = [];
    const { signal } = new AbortController();
    const { transport, route } = await open(destinationOf(server.port), { signal, onPhase: (each) => told.push(each) });
    transport.destroy();
    expect(told.filter((each, index) => each !== told[index - 1])).toEqual(
      phases.filter((each, index) => each !== phases[index - 1]),
    );
    expect(route).toMatch(way === 'direct' ? /^direct$/u : new RegExp(`^${way}//[^@]+:${port}$`, 'u'));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each(phases.map((_phase, step) => step))('leaves nothing when it is given up at its step %i', async (step) => {
    await using server = await startPlainHttp();
    await using proxy = await start?.();
    const before = sockets();
    const open = createRoutes(readOrigins(options(proxy?.port ?? 0)));
    const abort = new AbortController();
    let seen = 0;
    const onPhase = (): void => {
      if (seen === step) abort.abort(new Error('given up'));
      seen += 1;
    };
    const failure = await failureOf(open(destinationOf(server.port), { signal: abort.signal, onPhase }));
    expect(failure).toMatchObject({ code: 'ERR_TLS_ABORTED', cause: abort.signal.reason as Error });
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    // The proxy and the server are in this process, too, and see the end a little later.
    while (sockets() > before) await new Promise(setImmediate);
    expect(sockets()).toBeLessThanOrEqual(before);
  });
});

test('socks5: looks the name up here, socks5h: leaves that to the proxy', async () => {
  await using server = await startPlainHttp();
  await using proxy = await startSocksProxy();
  for (const scheme of ['socks5', 'socks5h']) {
    const open = createRoutes(readOrigins({ proxy: `${scheme}://127.0.0.1:${proxy.port}` }));
    const { transport } = await open(destinationOf(server.port), { signal: new AbortController().signal });
    transport.destroy();
  }
  // The machine may have an address of IPv6 for the name first, at which nobody is: the proxy is asked for the next one then.
  expect(proxy.asked.at(-2)).toBe(`127.0.0.1:${server.port}`);
  expect(proxy.asked.at(-1)).toBe(`localhost:${server.port}`);
});

test('a name that cannot be found is an error of the lookup, by socks5: too', async () => {
  for (const proxy of ['none', 'socks5://127.0.0.1:1']) {
    const open = createRoutes(readOrigins({ proxy }));
    const destination = { origin: 'http://nobody.invalid', host: 'nobody.invalid', port: 80 };
    const failure = await failureOf(open(destination, { signal: new AbortController().signal }));
    expect(failure).toMatchObject({ code: 'ERR_TLS_TRANSPORT' });
  }
});

describe('a function', () => {
  test('says the way for each origin, and may take its time', async () => {
    await using server = await startPlainHttp();
    await using proxy = await startHttpProxy();
    await using folder = await temporaryFolder();
    const asked: string[] = [];
    const choose = async (origin: string): Promise<string> => {
      await new Promise(setImmediate);
      asked.push(origin);
      return origin.includes('localhost') ? `http://127.0.0.1:${proxy.port}` : 'none';
    };
    const socketPath = join(folder.path, 'socket');
    await using other = await startPlainHttp({ path: socketPath });
    const open = createRoutes(readOrigins({ proxy: choose, origins: { 'http://unix.test': { socketPath } } }));
    const { signal } = new AbortController();
    const proxied = await open(destinationOf(server.port), { signal });
    const direct = await open(
      { origin: `http://127.0.0.1:${server.port}`, host: '127.0.0.1', port: server.port },
      { signal },
    );
    const unix = await open({ origin: 'http://unix.test', host: 'unix.test', port: 80 }, { signal });
    for (const { transport } of [proxied, direct, unix]) transport.destroy();
    expect([proxied.route, direct.route, unix.route]).toEqual([
      `http://127.0.0.1:${proxy.port}`,
      'direct',
      `unix:${socketPath}`,
    ]);
    expect(asked).toEqual([`http://localhost:${server.port}`, `http://127.0.0.1:${server.port}`]);
    expect(other.connections()).toBe(1);
  });

  test.each<[string, () => unknown, object]>([
    ['throws', throwing, { message: 'no answer' }],
    ['rejects', () => Promise.reject(new Error('no answer')), { message: 'no answer' }],
    ['says nothing', () => undefined, { name: 'TypeError' }],
    ['says null', () => null, { name: 'TypeError' }],
    ['says a function', () => throwing, { name: 'TypeError' }],
    ['says what is no URL', () => 'user:secret@proxy', { code: 'ERR_TLS_CONFIG', option: 'proxy' }],
    ['never answers', () => new Promise(() => undefined), { code: 'ERR_TLS_TIMEOUT' }],
  ])('that %s is an error of the request, and no direct way', async (_what, choose, expected) => {
    const open = createRoutes(readOrigins({ proxy: choose as () => string }), 50);
    const { signal } = new AbortController();
    expect(await failureOf(open(destinationOf(1), { signal }))).toMatchObject(expected);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

function destinationOf(port: number): Destination {
  return { origin: `http://localhost:${port}`, host: 'localhost', port };
}

function throwing(): never {
  throw new Error('no answer');
}

function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCP/u.test(name)).length;
}

import { spawn } from 'node:child_process';
import { getEventListeners, once, setMaxListeners } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRoot } from '@org/pki';
import { expect, test } from 'vitest';
import {
  createHarRecorder,
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type ProxyOptions,
} from '../src/index.ts';
import { backends } from './backends.ts';
import { startHttpProxy, startSocksProxy, type TestProxy } from './proxies.ts';

/** How many requests a test makes. `REQUESTS=5000` is the long run. */
const requests = Number(process.env['REQUESTS'] ?? 100);
/** How many are under way at once. */
const atOnce = 8;

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const trust = root.certificatePem;

/** What a server does with a request. The client has a time-out of its own for none of them. */
const manners = ['answers', 'resets', 'stalls', 'half-closes', 'cuts'] as const;

/** The ways to the server: as the name of the test says, and what is started for it. */
const ways: readonly (readonly [way: string, start: (() => Promise<TestProxy>) | undefined])[] = [
  ['no proxy', undefined],
  ['http:', () => startHttpProxy()],
  ['https:', () => startHttpProxy({ identity: leaf })],
  ['socks5h:', () => startSocksProxy()],
];

const bare = (): HttpClientOptions => ({});

/** What a client may do with a call, beside sending it. */
const allFeatures = (): HttpClientOptions => ({
  timeout: 600_000,
  retry: { limit: 1, methods: ['POST'], baseDelay: 1 },
  redirect: 'follow',
  cookies: true,
  cache: true,
  deduplicate: true,
  har: createHarRecorder({ maxEntries: 10, maxBodySize: 100 }),
  hooks: { beforeRequest: () => undefined, afterResponse: () => undefined },
});

const cases = backends.flatMap(([name, backend]) => [
  ...ways.map(([way, start]) => ({ name, backend, way, start, kind: 'a bare client', options: bare })),
  { name, backend, way: 'no proxy', start: undefined, kind: 'a client with all features', options: allFeatures },
]);

test.each(cases)(
  `of $kind over $name through $way, ${requests} requests with aborts, resets, stalls and half-closes leave no socket, timer, listener or memory`,
  async ({ backend, way, start, options }) => {
    const server = await startServer();
    // The proxy is in this process, too: what it keeps of a client's connection is seen with the client's own.
    await using stand = await start?.();
    const proxy = stand === undefined ? 'none' : proxyAt(`${way}//localhost:${stand.port}`);
    const before = resources();
    const giveUp = new AbortController();
    setMaxListeners(0, giveUp.signal);
    const random = seeded(20261129);
    const agent = { connections: atOnce };
    const client = createHttpClient({ tls: { backend, trust }, proxy, agent, ...options() });
    let [made, ended, whole, heapAfterFirst] = [0, 0, 0, 0];
    const work = async (): Promise<void> => {
      while (made < requests) {
        made += 1;
        const answer = await request(client, server.origin, random, giveUp.signal);
        ended += 1;
        if (answer === 'all') whole += 1;
        if (ended === Math.floor(requests / 5)) heapAfterFirst = heap();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const grown = heap() - heapAfterFirst;
    await client.close();
    // what lingers does so for a second at most; where something stays, this test does not end
    while (isMore(resources(), before)) await afterTurns(1);
    expect(ended).toBe(requests);
    expect(whole).toBeGreaterThan(requests / 10);
    expect(getEventListeners(giveUp.signal, 'abort')).toEqual([]);
    expect(grown).toBeLessThan(8 << 20);
    await server.stop();
  },
);

function proxyAt(url: string): ProxyOptions {
  return url.startsWith('https:') ? { url, tls: { trust } } : { url };
}

/** Makes a request that ends in some way, and gives its answer where it is whole. */
async function request(
  client: HttpClient,
  origin: string,
  random: () => number,
  shared: AbortSignal,
): Promise<string | undefined> {
  const manner = manners[Math.floor(random() * manners.length)] ?? 'answers';
  const abort = new AbortController();
  const turns = manner === 'stalls' || random() < 0.3 ? Math.floor(random() * 40) : undefined;
  const signal = AbortSignal.any([abort.signal, shared]);
  if (turns !== undefined) void afterTurns(turns).then(() => abort.abort(new Error('given up')));
  const options = { method: 'POST', body: 'x'.repeat(Math.floor(random() * 100_000)), signal } as const;
  const answer = await client.request(`${origin}/${manner}`, options).catch(() => undefined);
  return answer?.body.text().catch(() => undefined);
}

/** The server is a process of its own, so that the sockets of this one are the client's. */
async function startServer(): Promise<{ readonly origin: string; readonly stop: () => Promise<void> }> {
  const program = fileURLToPath(new URL('programs/abused-server.mjs', import.meta.url));
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, CERT: leaf.chainPem, KEY: leaf.privateKeyPem },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill();
    expect(await exited).toEqual([null, 'SIGTERM']);
  };
  return { origin: `https://localhost:${String(port).trim()}`, stop };
}

/** The sockets and timers that keep this process busy. The test runner has timers too, which come and go. */
function resources(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout/.test(name));
}

/** Tells whether there is more of any kind than before. */
function isMore(now: readonly string[], before: readonly string[]): boolean {
  const count = (names: readonly string[], kind: string) => names.filter((name) => name === kind).length;
  return now.some((kind) => count(now, kind) > count(before, kind));
}

/** The bytes of the heap that are in use once all that can be freed is. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

async function afterTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

/** Numbers from 0 to 1, the same at each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

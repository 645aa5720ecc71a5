import { EventEmitter, getEventListeners, once } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { createHttpClient, HttpClientError } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { causeOf, failureOf } from '../failure.ts';
import { startSilent } from '../servers.ts';
import { startScripted, trust, type ScriptedServer } from './scripted-server.ts';

/** Sends what the path says and then nothing more; `/redirect` goes on to `/nothing`. */
function startSlow(): Promise<ScriptedServer> {
  return startScripted(({ url }, response) => {
    if (url === '/head') return response.write('a beginning');
    if (url === '/redirect') return response.writeHead(302, { location: '/nothing' }).end();
    if (url === '/all') return response.end('all');
    return undefined;
  });
}

/** Keeps the timers of deadlines from running, so that a test says when they are over, however busy the machine is. */
function holdDeadlines(): Disposable & { readonly total: number; readonly pass: () => void } {
  const total = 2_000_000_000;
  const held: (() => void)[] = [];
  const { setTimeout: real } = globalThis;
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation((act: () => void, delay?: number, ...rest: []) => {
    if (delay !== total) return real(act, delay, ...rest);
    held.push(act);
    return real(() => undefined, 0);
  });
  return {
    total,
    pass: () => {
      for (const act of held.splice(0)) act();
    },
    [Symbol.dispose]: () => spy.mockRestore(),
  };
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };
  const code = 'ERR_HTTP_CLIENT_TIMEOUT';

  test('a call that takes too long fails, and names the phase that it was in', async () => {
    const deaf = new EventEmitter();
    await using unheard = await startSilent((socket) => socket.once('data', () => deaf.emit('asked')));
    await using server = await startSlow();
    using deadline = holdDeadlines();
    await using client = createHttpClient({ tls, timeout: deadline.total, redirect: 'follow' });
    const seen = async (count: number): Promise<void> => {
      while (server.seen.length < count) await new Promise(setImmediate);
    };
    for (const send of [client.fetch, client.request]) {
      const asked = once(deaf, 'asked');
      const connecting = failureOf(send(unheard.origin));
      await asked;
      deadline.pass();
      expect(await connecting).toMatchObject({ code, phase: 'handshake' });
      const before = server.seen.length;
      const waiting = [failureOf(send(`${server.origin}/nothing`)), failureOf(send(`${server.origin}/redirect`))];
      await seen(before + 3);
      deadline.pass();
      for (const failure of waiting) expect(await failure).toMatchObject({ code, phase: 'headers' });
    }
    const asked = new EventEmitter();
    const pulled = once(asked, 'pull');
    const body = new ReadableStream({ pull: () => void asked.emit('pull') }, { highWaterMark: 0 });
    const sending = failureOf(client.fetch(server.origin, { method: 'POST', body, duplex: 'half' }));
    await pulled;
    deadline.pass();
    expect(await sending).toMatchObject({ code, phase: 'request' });
  });

  test('a call that takes too long at a proxy says so', async () => {
    const deaf = new EventEmitter();
    let connections = 0;
    await using proxy = await startSilent((socket) => {
      connections += 1;
      socket.once('data', () => deaf.emit('asked'));
    });
    using deadline = holdDeadlines();
    await using client = createHttpClient({
      tls,
      timeout: deadline.total,
      proxy: `http://127.0.0.1:${proxy.port}`,
      agent: { connections: 1 },
    });
    const asked = once(deaf, 'asked');
    const first = failureOf(client.request('https://localhost/'));
    const queued = failureOf(client.request('https://localhost/'));
    await asked;
    deadline.pass();
    expect(await first).toMatchObject({ code, phase: 'proxy' });
    expect(await queued).toMatchObject({ code, phase: 'connect' });
    // Nobody waits for the connection that the queued call would have needed.
    await client.close();
    expect(connections).toBe(1);
  });

  test('the deadline holds for the body too', async () => {
    await using server = await startSlow();
    using deadline = holdDeadlines();
    await using client = createHttpClient({ tls, timeout: { total: deadline.total } });
    const requested = await client.request(`${server.origin}/head`);
    deadline.pass();
    const failure = await failureOf(requested.body.text());
    expect(failure).toBeInstanceOf(HttpClientError);
    expect(failure).toMatchObject({ code, phase: 'body' });
    const fetched = await client.fetch(`${server.origin}/head`);
    const reading = failureOf(fetched.text());
    deadline.pass();
    expect(await reading).toMatchObject({ code, phase: 'body' });
  });

  test('the deadline counts retries and their delays', async () => {
    await using server = await startScripted((_request, response) => response.writeHead(503).end());
    const retry = { limit: 20, baseDelay: 50 };
    await using client = createHttpClient({ tls, timeout: 400, retry });
    expect(await failureOf(client.fetch(server.origin))).toMatchObject({ code });
    expect(server.seen.length).toBeLessThan(20);
  });

  test('a call has its own deadline, and keeps its signal', async () => {
    await using server = await startSlow();
    await using client = createHttpClient({ tls });
    expect(await failureOf(client.fetch(`${server.origin}/nothing`, { timeout: 50 }))).toMatchObject({ code });
    const abort = new AbortController();
    const { signal } = abort;
    const failing = failureOf(client.request(`${server.origin}/nothing`, { timeout: 600_000, signal }));
    abort.abort(new Error('changed my mind'));
    expect(await failing).toBe(signal.reason);
    expect(await failureOf(client.fetch(server.origin, { timeout: 600_000, signal }))).toBe(signal.reason);
    expect(await (await client.fetch(`${server.origin}/all`, { timeout: 600_000 })).text()).toBe('all');
  });

  test('no timer and no listener is left of a call that has ended', async () => {
    await using server = await startSlow();
    const abort = new AbortController();
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const client = createHttpClient({ tls, timeout: 600_000, retry: { baseDelay: 1, limit: 1 } });
    const { signal } = abort;
    await (await client.fetch(`${server.origin}/all`, { signal })).text();
    await (await client.request(`${server.origin}/all`, { signal })).body.text();
    await failureOf(client.request('https://127.0.0.1:1/', { signal }));
    const given = await client.fetch(`${server.origin}/head`, { signal });
    await given.body?.cancel();
    await client.destroy();
    // undici lets go of signals and of its own timer in turns of its own.
    while (timers() > before || getEventListeners(signal, 'abort').length > 0) await new Promise(setImmediate);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test('headers and body have timeouts of their own, whose errors name the phase', async () => {
    await using server = await startSlow();
    await using hasty = createHttpClient({ tls, timeout: { headers: 300 } });
    const late = { code: 'UND_ERR_HEADERS_TIMEOUT', phase: 'headers' };
    expect(await failureOf(hasty.request(`${server.origin}/nothing`))).toMatchObject(late);
    expect(await causeOf(hasty.fetch(`${server.origin}/nothing`))).toMatchObject(late);
    await using client = createHttpClient({ tls, timeout: { body: 300 } });
    const { body } = await client.request(`${server.origin}/head`);
    expect(await failureOf(body.text())).toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT', phase: 'body' });
    const fetched = await client.fetch(`${server.origin}/head`);
    expect(await causeOf(fetched.text())).toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT', phase: 'body' });
  });
});

test('refuses times that are none', () => {
  for (const timeout of [-1, 0, Infinity, { headers: 2 ** 31 }])
    expect(() => createHttpClient({ timeout })).toThrow(RangeError);
  expect(() => createHttpClient({ timeout: { connect: 5 } as object })).toThrow(TypeError);
});

import { describe, expect, test } from 'vitest';
import { createHttpClient, type Hooks } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { causeOf, failureOf } from '../failure.ts';
import { startScripted, trust, type ScriptedServer } from './scripted-server.ts';

/** Answers who comes with `token=new`, refuses others, redirects from `/redirect`, and fails once at `/unsteady`. */
function startGuarded(): Promise<ScriptedServer> {
  let isSteady = false;
  return startScripted(({ url, headers }, response, body) => {
    if (url === '/redirect') return response.writeHead(302, { location: '/' }).end();
    if (url === '/unsteady' && !isSteady) {
      isSteady = true;
      return response.writeHead(503).end();
    }
    if (headers.authorization !== 'new') return response.writeHead(401).end('who are you?');
    return response.end(`welcome ${body}`);
  });
}

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test('the hooks come in their order, once each, and the call waits for them', async () => {
    await using server = await startGuarded();
    const calls: string[] = [];
    const note = async (text: string): Promise<void> => {
      await new Promise(setImmediate);
      calls.push(text);
    };
    const hooks: Hooks = {
      beforeRequest: ({ method, url, headers }) => {
        headers.set('authorization', 'new');
        return note(`request ${method} ${new URL(url).pathname}`);
      },
      beforeRedirect: ({ from, to, status, method }) =>
        note(`redirect ${new URL(from).pathname} ${status} ${method} ${new URL(to).pathname}`),
      beforeRetry: ({ retryCount }, reason) =>
        note(`retry ${retryCount} ${'response' in reason ? reason.response.status : 'error'}`),
      afterResponse: ({ status }) => note(`response ${status}`),
    };
    await using client = createHttpClient({ tls, hooks, retry: { baseDelay: 1 }, redirect: 'follow' });
    expect(await (await client.fetch(`${server.origin}/redirect`)).text()).toBe('welcome ');
    expect(await (await client.request(`${server.origin}/redirect`)).body.text()).toBe('welcome ');
    const redirected = ['request GET /redirect', 'redirect /redirect 302 GET /', 'response 200'];
    expect(calls.splice(0)).toEqual([...redirected, ...redirected]);
    expect(await (await client.fetch(`${server.origin}/unsteady`)).text()).toBe('welcome ');
    expect(calls).toEqual(['request GET /unsteady', 'response 503', 'retry 1 503', 'response 200']);
  });

  test('afterResponse and beforeRetry renew a token, whatever the method', async () => {
    await using server = await startGuarded();
    const hooks: Hooks = {
      afterResponse: ({ status }) => (status === 401 ? 'retry' : undefined),
      beforeRetry: ({ headers }) => headers.set('authorization', 'new'),
    };
    await using client = createHttpClient({ tls, hooks });
    const options = { method: 'POST', body: 'me', headers: { authorization: 'old' } } as const;
    expect(await (await client.fetch(server.origin, options)).text()).toBe('welcome me');
    expect(await (await client.request(server.origin, options)).body.text()).toBe('welcome me');
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['old', 'new', 'old', 'new']);
  });

  test('a hook that always wants a retry is obeyed as often as the limit says', async () => {
    await using server = await startGuarded();
    await using client = createHttpClient({ tls, hooks: { afterResponse: () => 'retry' } });
    expect((await client.fetch(server.origin)).status).toBe(401);
    expect(server.seen.length).toBe(3);
  });

  test('what a hook throws is the call’s error, and the call goes no further', async () => {
    await using server = await startGuarded();
    const failure = new Error('no');
    const fail = (): never => {
      throw failure;
    };
    for (const hook of ['beforeRequest', 'afterResponse'] as const) {
      await using client = createHttpClient({ tls, hooks: { [hook]: fail } });
      expect(await failureOf(client.fetch(server.origin))).toBe(failure);
      expect(await failureOf(client.request(server.origin))).toBe(failure);
    }
    await using client = createHttpClient({ tls, redirect: 'follow', hooks: { beforeRedirect: fail } });
    const before = server.seen.length;
    expect(await causeOf(client.fetch(`${server.origin}/redirect`))).toBe(failure);
    expect(await failureOf(client.request(`${server.origin}/redirect`))).toBe(failure);
    expect(server.seen.length).toBe(before + 2);
  });

  test('a hook that never answers is waited for no longer than the call may take', async () => {
    await using server = await startGuarded();
    const never = (): Promise<never> => new Promise(() => undefined);
    for (const hook of ['beforeRequest', 'beforeRedirect', 'afterResponse'] as const) {
      await using client = createHttpClient({ tls, redirect: 'follow', hooks: { [hook]: never } });
      const late = failureOf(client.request(`${server.origin}/redirect`, { timeout: 500 }));
      expect(await late).toMatchObject({ code: 'ERR_HTTP_CLIENT_TIMEOUT' });
    }
  });

  test('beforeError sees the error of a call, and may give another', async () => {
    await using server = await startScripted((request) => request.socket.destroy());
    const seen: Error[] = [];
    await using watching = createHttpClient({ tls, hooks: { beforeError: (error) => void seen.push(error) } });
    expect(await failureOf(watching.request(server.origin))).toBe(seen[0]);
    const mine = new Error('mine');
    await using replacing = createHttpClient({ tls, hooks: { beforeError: () => mine } });
    expect(await failureOf(replacing.fetch(server.origin))).toBe(mine);
  });

  test('an answer that is none is a TypeError', async () => {
    await using server = await startGuarded();
    for (const hooks of [{ afterResponse: () => 'again' }, { afterResponse: () => true }]) {
      await using client = createHttpClient({ tls, hooks: hooks as unknown as Hooks });
      expect(await failureOf(client.request(server.origin))).toBeInstanceOf(TypeError);
    }
    const hooks = { beforeRequest: () => Promise.reject(new Error('no')), beforeError: () => 'no error' };
    await using client = createHttpClient({ tls, hooks: hooks as unknown as Hooks });
    expect(await failureOf(client.request(server.origin))).toBeInstanceOf(TypeError);
  });
});

test('refuses hooks that are none', () => {
  expect(() => createHttpClient({ hooks: { onRequest: () => undefined } as object })).toThrow(TypeError);
  expect(() => createHttpClient({ hooks: { beforeRequest: [] } as object })).toThrow(TypeError);
});

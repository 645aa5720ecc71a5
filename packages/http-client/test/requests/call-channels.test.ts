import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, test } from 'vitest';
import { createHttpClient, type CallEnd, type CallResponse, type CallStart } from '../../src/index.ts';
import { backends } from '../backends.ts';
import { failureOf } from '../failure.ts';
import { startScripted, trust } from './scripted-server.ts';

/** Listens to channels while `act` runs, and gives what they told. */
async function told(names: readonly string[], act: () => Promise<unknown>): Promise<readonly [string, unknown][]> {
  const messages: [string, unknown][] = [];
  const listener = (message: unknown, name: string | symbol): void => void messages.push([String(name), message]);
  for (const name of names) subscribe(name, listener);
  try {
    await act();
  } finally {
    for (const name of names) unsubscribe(name, listener);
  }
  return messages;
}

const prefix = '@org/http-client:call:';
const ours = ['start', 'response', 'end'].map((name) => prefix + name);

describe.each(backends)('over %s', (name, backend) => {
  const tls = { backend, trust };

  test('tell of the start, the response and the end of a call, with its TLS', async () => {
    await using server = await startScripted((_request, response) => response.end('hello'));
    await using client = createHttpClient({ tls });
    for (const send of ['fetch', 'request'] as const) {
      const messages = await told(ours, async () => {
        const response = await client[send](server.origin, { method: 'POST' });
        await ('text' in response ? response : response.body).text();
      });
      expect(messages.map(([channel]) => channel)).toEqual(ours);
      const [start, response, end] = messages.map(([, message]) => message) as [CallStart, CallResponse, CallEnd];
      expect(start.call).toMatchObject({ method: 'POST', url: server.origin });
      expect([response.call, end.call]).toEqual([start.call, start.call]);
      expect(response.call === start.call && end.call === start.call).toBe(true);
      expect(response).toMatchObject({ status: 200, cacheStatus: 'miss', security: { backend: name } });
      expect(end.error).toBeUndefined();
    }
  });

  test('tell of the error that ends a call, or its body', async () => {
    await using server = await startScripted(({ url }, response) => {
      if (url === '/body') return response.write('hello', () => response.socket?.destroy());
      return response.socket?.destroy();
    });
    await using client = createHttpClient({ tls });
    const ends = await told([`${prefix}end`], async () => {
      await failureOf(client.request(server.origin));
      await failureOf((await client.request(`${server.origin}/body`)).body.text());
    });
    const errors = ends.map(([, message]) => (message as CallEnd).error);
    expect(errors).toMatchObject([{ code: 'ERR_TLS_TRUNCATED' }, { code: 'ERR_TLS_TRUNCATED', phase: 'body' }]);
  });

  test('undici’s own channels go on telling', async () => {
    await using server = await startScripted((_request, response) => response.end('hello'));
    await using client = createHttpClient({ tls });
    const names = ['undici:request:create', 'undici:client:connected', 'undici:request:headers'];
    const messages = await told(names, async () => (await client.fetch(server.origin)).text());
    expect(messages.map(([channel]) => channel)).toEqual(names);
  });
});

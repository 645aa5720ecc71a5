import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createRoot } from '@org/pki';
import { MemorySessionStore, type ServerConfig, type TlsBackend, type TlsSession } from '@org/tls-core';
import { createHttpsServer, type HttpsServer } from '@org/tls-core/http';
import { describe, expect, test } from 'vitest';
import { createHttpClient, securityOf, type HttpClient } from '../src/index.ts';
import { backends } from './backends.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost', '127.0.0.1'] });
const identity = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
const trust = root.certificatePem;

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (protocol) => {
    test.each([false, true])('a later connection resumes a session, with HTTP/2 %s', async (allowH2) => {
      await using server = await serve(backend, { maxVersion: protocol });
      await using client = createHttpClient({ tls, allowH2 });
      expect(await resumedOf(client, server.origin)).toBe(false);
      for (let turn = 0; turn < 3; turn += 1) {
        await server.hangUp(client);
        expect(await resumedOf(client, server.origin)).toBe(true);
      }
    });
  });

  test('ten connections at once never offer the same session, cold and warm', async () => {
    const taken: TlsSession[] = [];
    const memory = new MemorySessionStore();
    // The first ten are cold, however busy the machine is: what they bring is there when all of them are done.
    const brought: [string, TlsSession][] = [];
    const sessionStore = {
      put: (key: string, session: TlsSession) => void brought.push([key, session]),
      take: (key: string) => {
        const session = memory.take(key);
        if (session !== undefined) taken.push(session);
        return session;
      },
    };
    await using server = await serve(backend, {}, 10);
    await using client = createHttpClient({ tls, sessionStore });
    const atOnce = () => Promise.all(Array.from({ length: 10 }, () => resumedOf(client, server.origin)));
    expect(await atOnce()).toEqual(Array.from({ length: 10 }, () => false));
    for (const [key, session] of brought) memory.put(key, session);
    expect(memory.size).toBe(16);
    await server.hangUp(client, 10);
    expect(await atOnce()).toEqual(Array.from({ length: 10 }, () => true));
    const tickets = taken.map(({ state }) => Buffer.from(state).toString('base64'));
    expect(tickets).toHaveLength(10);
    expect(new Set(tickets).size).toBe(10);
  });

  test('a session of one origin is not used for another, nor under another name', async () => {
    const keys = new Set<string>();
    const sessionStore = { put: (key: string) => void keys.add(key), take: (key: string) => void keys.add(key) };
    await using server = await serve(backend);
    const renamed = `https://127.0.0.1:${server.port}`;
    await using client = createHttpClient({ tls, sessionStore, origins: { [renamed]: { serverName: 'localhost' } } });
    await resumedOf(client, server.origin);
    await resumedOf(client, renamed);
    expect([...keys].map((key) => JSON.parse(key) as unknown)).toEqual([
      [server.origin, 'localhost', 'direct'],
      [renamed, 'localhost', 'direct'],
    ]);
  });

  test('a client without a store resumes nothing, unless its context has one', async () => {
    await using server = await serve(backend);
    const context = backend.createClientContext({ trust, sessionStore: new MemorySessionStore() });
    await using without = createHttpClient({ tls, sessionStore: false });
    await using ofContext = createHttpClient({ tls: context, sessionStore: false });
    for (const [client, expected] of [
      [without, false],
      [ofContext, true],
    ] as const) {
      await resumedOf(client, server.origin);
      await server.hangUp(client);
      expect(await resumedOf(client, server.origin)).toBe(expected);
    }
  });

  test('a store that fails or never answers costs a full handshake and nothing more', async () => {
    await using server = await serve(backend);
    const broken = (): never => {
      throw new Error('no store');
    };
    const never = (): Promise<undefined> => new Promise(() => undefined);
    for (const answer of [broken, never]) {
      await using client = createHttpClient({ tls, sessionStore: { put: answer, take: answer } });
      expect(await resumedOf(client, server.origin)).toBe(false);
    }
  });
});

test.each([null, true, {}, { put: () => undefined }, 'memory'])(
  'what is no store is a TypeError: %j',
  (sessionStore) => {
    expect(() => createHttpClient({ sessionStore } as object)).toThrow(TypeError);
  },
);

interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** Ends all connections, and waits until a client has noticed that of so many, so that its next request makes one. */
  hangUp(client: HttpClient, connections?: number): Promise<void>;
}

/** @param together how many requests are answered together, so that each has a connection of its own */
async function serve(backend: TlsBackend, config: Partial<ServerConfig> = {}, together = 1): Promise<TestServer> {
  const waiting: (() => void)[] = [];
  const server: HttpsServer = await createHttpsServer(
    { tls: { backend, identity, ...config } },
    (_request, response) => {
      waiting.push(() => response.end('hello'));
      if (waiting.length >= together) for (const answer of waiting.splice(0)) answer();
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `https://localhost:${port}`,
    hangUp: async (client, connections = 1) => {
      const { dispatcher } = client;
      const gone = new Promise<void>((resolve) => {
        let left = connections;
        const onDisconnect = (): void => {
          left -= 1;
          if (left > 0) return;
          dispatcher.off('disconnect', onDisconnect);
          resolve();
        };
        dispatcher.on('disconnect', onDisconnect);
      });
      server.closeAllConnections();
      await gone;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function resumedOf(client: HttpClient, origin: string): Promise<boolean | undefined> {
  const response = await client.request(origin);
  expect(await response.body.text()).toBe('hello');
  return securityOf(response)?.resumed;
}

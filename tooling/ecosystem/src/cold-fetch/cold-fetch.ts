import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createHttpClient } from '@org/http-client';
import { createRoot } from '@org/pki';
import type { TlsBackend } from '@org/tls-core';
import { Agent, fetch } from 'undici';

/** How a page comes with its resources: as a browser has it, or all at once. */
export type Pattern = 'page first' | 'all at once';

/** What is fetched, and how. */
export interface Plan {
  readonly pattern: Pattern;
  readonly resources: number;
  /** How many connections an origin may have; default: no limit. */
  readonly connections?: number;
}

export interface ColdFetch {
  /** How many connections the server has secured. */
  readonly connections: number;
  /** From the first request to the last byte, in milliseconds. */
  readonly time: number;
}

/** An origin with HTTP/2 whose resources have 20,000 bytes each. */
export interface Origin extends AsyncDisposable {
  readonly url: string;
  readonly trust: string;
  readonly connections: () => number;
}

const size = 20_000;

export async function startOrigin(): Promise<Origin> {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  const server = createSecureServer({ cert: leaf.chainPem, key: leaf.privateKeyPem, allowHTTP1: true });
  server.on('request', (_request, response) => response.end('x'.repeat(size)));
  let connections = 0;
  server.on('secureConnection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    trust: root.certificatePem,
    connections: () => connections,
    [Symbol.asyncDispose]: () => close(server),
  };
}

/** Fetches with a new client of ours. */
export function overOurs(origin: Origin, backend: TlsBackend, plan: Plan): Promise<ColdFetch> {
  const { connections } = plan;
  const client = createHttpClient({
    tls: { backend, trust: origin.trust },
    allowH2: true,
    ...(connections !== undefined && { agent: { connections } }),
  });
  return measure(origin, plan, { get: (url) => client.fetch(url), close: () => client.close() });
}

/** Fetches with a new agent of undici's over node:tls. */
export function overUndici(origin: Origin, plan: Plan): Promise<ColdFetch> {
  const { connections } = plan;
  const dispatcher = new Agent({
    allowH2: true,
    connect: { ca: origin.trust },
    ...(connections !== undefined && { connections }),
  });
  return measure(origin, plan, { get: (url) => fetch(url, { dispatcher }), close: () => dispatcher.close() });
}

interface Fetcher {
  readonly get: (url: string) => Promise<{ text(): Promise<string> }>;
  readonly close: () => Promise<void>;
}

async function measure(origin: Origin, { pattern, resources }: Plan, { get, close: end }: Fetcher): Promise<ColdFetch> {
  const before = origin.connections();
  const start = performance.now();
  const load = async (path: string): Promise<number> => (await (await get(origin.url + path)).text()).length;
  const page = pattern === 'page first' ? [await load('/')] : [];
  const lengths = await Promise.all(Array.from({ length: resources }, (_, index) => load(`/${index}`)));
  const time = performance.now() - start;
  await end();
  if ([...page, ...lengths].some((length) => length !== size)) throw new Error('expected each resource whole');
  return { connections: origin.connections() - before, time };
}

async function close(server: Http2SecureServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}

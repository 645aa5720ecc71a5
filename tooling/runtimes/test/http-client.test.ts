import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { certificates } from '@org/tls-conformance';
import { runScript } from '../src/run-in-process.ts';

let server: Http2SecureServer;

beforeAll(async () => {
  const { chainPem: cert, privateKeyPem: key } = certificates['ecdsa-p256'];
  server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => void request.pipe(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
});

const pages = ['http/1.1', 'h2'].map((alpnProtocol) => ({
  status: 200,
  isEcho: true,
  alpnProtocol,
  protocol: 'TLSv1.3',
}));

async function fetched(runtime: 'node' | 'bun' | 'deno'): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const { port } = server.address() as AddressInfo;
  const args = [`https://localhost:${port}/`];
  await runScript(runtime, { script: 'fetch-page.js', args, sockets: true }, (line) => lines.push(JSON.parse(line)));
  return lines;
}

it.each(['node', 'bun', 'deno'] as const)(
  'in %s http-client speaks HTTP/1.1 and HTTP/2 over tls-pure',
  async (runtime) => {
    expect(await fetched(runtime)).toEqual(pages);
  },
);

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { certificates } from '@org/tls-conformance';
import { bundle } from '../src/bundle.ts';
import { runScript } from '../src/run-in-process.ts';

let server: Http2SecureServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tls-http-client-'));
  const { chainPem: cert, privateKeyPem: key } = certificates['ecdsa-p256'];
  server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => void request.pipe(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const pages = ['http/1.1', 'h2'].map((alpnProtocol) => ({
  status: 200,
  isEcho: true,
  alpnProtocol,
  protocol: 'TLSv1.3',
}));

async function fetched(runtime: 'node' | 'bun' | 'deno', script: string): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const { port } = server.address() as AddressInfo;
  const args = [`https://localhost:${port}/`];
  await runScript(runtime, { script, args, sockets: true }, (line) => lines.push(JSON.parse(line)));
  return lines;
}

it.each(['node', 'deno'] as const)('in %s http-client speaks HTTP/1.1 and HTTP/2 over tls-pure', async (runtime) => {
  expect(await fetched(runtime, 'fetch-page.js')).toEqual(pages);
});

it('in Bun it does so in a bundle, which has the undici that it depends on', async () => {
  const script = join(folder, 'fetch-page.mjs');
  writeFileSync(script, (await bundle('fetch-page.js', 'node')).code);
  expect(await fetched('bun', script)).toEqual(pages);
});

it('in Bun without a bundle it does not, since Bun has a stand-in of its own for the package undici', async () => {
  await expect(fetched('bun', 'fetch-page.js')).rejects.toThrow(/agent\.compose is not a function/);
});

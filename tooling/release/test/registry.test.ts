import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRegistry } from '../src/registry.mjs';

const asked: string[] = [];
let uplink: Server;
let storage: string;
let registry: Awaited<ReturnType<typeof startRegistry>>;

beforeAll(async () => {
  storage = mkdtempSync(join(tmpdir(), 'release-registry-'));
  uplink = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1));
    asked.push(name);
    const version = {
      name,
      version: '1.0.0',
      dist: { tarball: 'http://127.0.0.1:9/none.tgz', shasum: '0'.repeat(40) },
    };
    const found = { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(found));
  });
  uplink.listen(0, '127.0.0.1');
  await once(uplink, 'listening');
  registry = await startRegistry(storage, `http://127.0.0.1:${(uplink.address() as AddressInfo).port}/`);
}, 60_000);

afterAll(async () => {
  await registry.close();
  uplink.closeAllConnections();
  uplink.close();
  rmSync(storage, { recursive: true, force: true });
});

it('has what others publish from the uplink', async () => {
  const response = await fetch(`${registry.url}somebody-else`);
  expect(await response.json()).toMatchObject({ name: 'somebody-else', 'dist-tags': { latest: '1.0.0' } });
});

it('never asks the uplink for our packages', async () => {
  expect((await fetch(`${registry.url}@org/x509`)).status).toBe(404);
  expect(asked.filter((name) => name.startsWith('@org'))).toEqual([]);
});

it('lets nobody publish without the token', async () => {
  const response = await fetch(`${registry.url}@org%2fx509`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: '@org/x509', versions: {}, 'dist-tags': {} }),
  });
  expect(response.status).toBe(401);
});

it('answers no more when it is closed, which may be said twice', async () => {
  await registry.close();
  await registry.close();
  await expect(fetch(`${registry.url}@org/x509`)).rejects.toThrow('fetch failed');
});

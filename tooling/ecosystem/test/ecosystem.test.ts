import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity, type IdentityFiles } from '@org/interop/identity-files';
import { examples, type Example } from '../src/examples.ts';
import { runExample } from '../src/run-example.ts';
import type { LibraryServer, RunningServer } from '../src/server.ts';

const backends = ['pure', 'native'] as const;
const running = new Map<LibraryServer, Promise<RunningServer>>();
let identity: IdentityFiles;

beforeAll(async () => {
  identity = await makeIdentity();
});

afterAll(async () => {
  const started = await Promise.allSettled(running.values());
  for (const server of started) if (server.status === 'fulfilled') await server.value[Symbol.asyncDispose]();
  await identity[Symbol.asyncDispose]();
});

/** Each server is started once, when it is first needed. */
async function serverOf({ server }: Example): Promise<RunningServer | undefined> {
  if (server === undefined) return undefined;
  const starting = running.get(server) ?? server.start(identity);
  running.set(server, starting);
  return starting;
}

describe.concurrent('libraries, unpatched', () => {
  it.each(examples)('$name works over node:tls, which proves the server and the program', async (example) => {
    const run = await runExample(example, { by: 'node:tls' }, identity, await serverOf(example));
    expect(run).toEqual({ printed: example.prints, usedNodeTls: true });
  });

  for (const backend of backends) {
    const withSeam = examples.filter(({ seam }) => 'by' in seam);
    it.each(withSeam)(`$name works over ${backend} by its own seam`, async (example) => {
      const run = await runExample(example, { by: 'seam', backend }, identity, await serverOf(example));
      expect(run).toEqual({ printed: example.prints, usedNodeTls: false });
    });
  }
});

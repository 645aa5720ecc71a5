import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity, type IdentityFiles } from '@org/interop/identity-files';
import { document } from '../src/document.ts';
import { backends, examples, type Example } from '../src/examples.ts';
import { runExample, type ExampleRun, type Way } from '../src/run-example.ts';
import type { LibraryServer, RunningServer } from '../src/server.ts';

const running = new Map<LibraryServer, Promise<RunningServer>>();
let identity: IdentityFiles;
/** Whose CA has issued nothing that a server here has. */
let stranger: IdentityFiles;

beforeAll(async () => {
  identity = await makeIdentity();
  stranger = await makeIdentity();
});

afterAll(async () => {
  const started = await Promise.allSettled(running.values());
  for (const server of started) if (server.status === 'fulfilled') await server.value[Symbol.asyncDispose]();
  await identity[Symbol.asyncDispose]();
  await stranger[Symbol.asyncDispose]();
});

/** Each server is started once, when it is first needed. */
async function serverOf({ server }: Example): Promise<RunningServer | undefined> {
  if (server === undefined) return undefined;
  const starting = running.get(server) ?? server.start(identity);
  running.set(server, starting);
  return starting;
}

async function run(example: Example, way: Way): Promise<ExampleRun> {
  return runExample(example, way, identity, await serverOf(example));
}

describe.concurrent('libraries, unpatched', () => {
  it.each(examples)('$name works over node:tls, which proves the server and the program', async (example) => {
    expect(await run(example, { by: 'node:tls' })).toEqual({ printed: example.prints, usedNodeTls: true });
  });

  for (const backend of backends) {
    it.each(examples)(`$name works by register over ${backend}`, async (example) => {
      const ran = await run(example, { by: 'register', backend });
      expect(ran).toEqual({ printed: example.prints, usedNodeTls: false });
    });

    const clients = examples.filter(({ peer }) => peer === undefined);
    it.each(clients)(`$name refuses an unknown CA by register over ${backend}`, async (example) => {
      const server = await serverOf(example);
      const ran = runExample(example, { by: 'register', backend }, identity, server, stranger.files.ca);
      await expect(ran).rejects.toThrow(/certificate|UNABLE_TO_VERIFY/i);
    });

    const withSeam = examples.filter(({ seam }) => 'by' in seam);
    it.each(withSeam)(`$name works by its own seam over ${backend}`, async (example) => {
      const ran = await run(example, { by: 'seam', backend });
      expect(ran).toEqual({ printed: example.prints, usedNodeTls: false });
    });
  }
});

describe('the programs and their page', () => {
  it('the page says what the table of examples says', async () => {
    const page = path.join(import.meta.dirname, '..', '..', '..', 'docs', 'ecosystem.md');
    await expect(document()).toMatchFileSnapshot(page);
  });

  it('no program is longer than 40 lines', async () => {
    const folder = path.join(import.meta.dirname, '..', 'examples');
    const lengths = new Map<string, number>();
    for (const file of await readdir(folder)) {
      lengths.set(file, (await readFile(path.join(folder, file), 'utf8')).trimEnd().split('\n').length);
    }
    expect([...lengths].filter(([, lines]) => lines > 40)).toEqual([]);
    expect(lengths.size).toBeGreaterThan(examples.length);
  });
});

import { randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { watchTicketKeyFiles } from '../src/index.ts';
import { backends, exchange, serverOf, trust } from './support/exchange.ts';

const folder = await mkdtemp(join(tmpdir(), 'tls-fleet-files-'));
afterAll(() => rm(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const paths = [at('current.key'), at('previous.key')];
const [first, second, third] = [randomBytes(80), randomBytes(80), randomBytes(48)];

/** Puts files there as a tool does that rotates them: each at once. */
async function put(current: Uint8Array, previous: Uint8Array): Promise<void> {
  for (const [name, bytes] of [
    ['current.key', current],
    ['previous.key', previous],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(at(`.${name}`), bytes);
    // oxlint-disable-next-line no-await-in-loop
    await rename(at(`.${name}`), at(name));
  }
}
beforeEach(() => put(first, second));

const open = (onRefused?: (error: unknown) => void) =>
  watchTicketKeyFiles({ paths, interval: 0, ...(onRefused !== undefined && { onRefused }) });

describe('files of ticket keys', () => {
  it.each([
    ['of another length', randomBytes(79)],
    ['of text', Buffer.from(randomBytes(80).toString('base64'))],
    ['that is empty, as one that is being written', new Uint8Array()],
    ['of zeros', new Uint8Array(80)],
    ['with the other one’s key', second],
  ])('one %s is refused by its path, and nothing of it is told', async (_what, bytes) => {
    await put(bytes, second);
    const refusal: unknown = await open().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({
      code: 'ERR_TLS_CONFIG',
      option: 'paths',
      message: expect.stringContaining(folder),
    });
    expect(String(refusal)).not.toContain(second.toString('hex').slice(0, 8));
  });

  it('none, and one that is not there, are refused', async () => {
    await expect(watchTicketKeyFiles({ paths: [] })).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
    await expect(watchTicketKeyFiles({ paths: [at('nowhere')] })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('an unknown option is a TypeError', async () => {
    await expect(watchTicketKeyFiles({ paths, keys: [] } as never)).rejects.toThrow(TypeError);
  });

  it('have the first of them seal, in either of nginx’s forms, and share no bytes with nginx’s own keys', async () => {
    await put(third, first);
    using files = await open();
    const [sealing, opening] = files.current();
    for (const [key, file] of [
      [sealing, third],
      [opening, first],
    ] as const) {
      expect(key).toMatchObject({ name: { length: 16 }, secret: { length: 32 } });
      for (const part of [key?.name, key?.secret]) expect(file.includes(Buffer.from(part ?? file))).toBe(false);
    }
  });

  it('that are refused leave the keys as they were, and the owner is told', async () => {
    const refusals: unknown[] = [];
    using files = await open((error) => refusals.push(error));
    const before = files.current();
    await put(randomBytes(81), first);
    await expect(files.check()).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
    expect(files.current()).toBe(before);
    expect(refusals).toMatchObject([{ code: 'ERR_TLS_CONFIG' }]);
  });

  it('that change places are the same keys', async () => {
    using files = await open();
    const [sealing, opening] = files.current();
    await put(second, first);
    expect(await files.check()).toBe(true);
    expect(files.current()[0]).toBe(opening);
    expect(files.current()[1]).toBe(sealing);
  });
});

describe.each(backends)('servers over the %s backend', (_name, backend) => {
  it('that read the same files resume each other’s sessions, also across a rotation', async () => {
    const client = backend.createClientContext({ trust });
    using one = await open();
    using two = await open();
    const [here, there] = [serverOf(backend, { ticketKeys: one }), serverOf(backend, { ticketKeys: two })];
    let { session } = await exchange(client, here);
    const files: readonly (readonly [Uint8Array, Uint8Array])[] = [
      [first, third],
      [third, first],
    ];
    for (const [current, previous] of files) {
      // Each step is the one that a tool takes: the new key opens, and when all servers have it, it seals.
      // oxlint-disable-next-line no-await-in-loop
      await put(current, previous);
      for (const [reader, server] of [
        [one, there],
        [two, here],
      ] as const) {
        // oxlint-disable-next-line no-await-in-loop
        await reader.check();
        // oxlint-disable-next-line no-await-in-loop
        const { info, session: next } = await exchange(client, server, { session });
        expect(info.resumed).toBe(true);
        session = next;
      }
    }
  });
});

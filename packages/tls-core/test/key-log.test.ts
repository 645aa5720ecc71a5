import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clientContext, keyLogFile } from '../src/node/index.ts';
import type { ClientConfig, TlsBackend } from '../src/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-log-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Gives what a backend is told of the key log. */
async function toldOf(keyLog: unknown): Promise<unknown> {
  let told: unknown;
  const backend = {
    name: 'told',
    interfaceVersion: 1,
    createClientContext: (config: ClientConfig) => {
      told = config.keyLog;
      return { role: 'client', createEngine: () => undefined };
    },
    createServerContext: () => undefined,
  } as unknown as TlsBackend;
  await clientContext({ backend, keyLog } as never);
  return told;
}

describe('a file of secrets', () => {
  test('is made for its owner alone, and lines are added to it', async () => {
    const file = join(folder, 'keys');
    keyLogFile(file)('ONE 00 11');
    keyLogFile(join(folder, '.', 'keys'))('TWO 00 11');
    expect(await readFile(file, 'utf8')).toBe('ONE 00 11\nTWO 00 11\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('that cannot be opened is refused, with its name', async () => {
    const file = join(folder, 'nowhere', 'keys');
    expect(() => keyLogFile(file)).toThrowError(expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'keyLog' }));
    expect(() => keyLogFile(file)).toThrow(file);
    await mkdir(join(folder, 'nowhere'));
    expect(() => keyLogFile(file)).not.toThrow();
  });

  // Only Linux has a file that can be opened and is always full.
  test.runIf(process.platform === 'linux')('that cannot be written is told by a warning, once', async () => {
    const log = keyLogFile('/dev/full');
    const warned = once(process, 'warning') as Promise<[Error]>;
    log('ONE 00 11');
    log('TWO 00 11');
    const [{ message }] = await warned;
    expect(message).toContain('/dev/full');
  });
});

describe('the environment', () => {
  test('names the file where the configuration says so', async () => {
    const file = join(folder, 'keys');
    vi.stubEnv('SSLKEYLOGFILE', file);
    const log = (await toldOf('environment')) as (line: string) => void;
    log('ONE 00 11');
    expect(await readFile(file, 'utf8')).toBe('ONE 00 11\n');
  });

  test('is not looked at where it does not say so', async () => {
    vi.stubEnv('SSLKEYLOGFILE', join(folder, 'keys'));
    expect(await toldOf(undefined)).toBeUndefined();
    expect(await toldOf(true)).toBe(true);
    await expect(stat(join(folder, 'keys'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each([undefined, ''])('that names no file logs nothing: %j', async (name) => {
    vi.stubEnv('SSLKEYLOGFILE', name);
    expect(await toldOf('environment')).toBe(false);
  });

  test('that names a file that cannot be opened is an error', async () => {
    vi.stubEnv('SSLKEYLOGFILE', folder);
    await expect(toldOf('environment')).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'keyLog' });
  });
});

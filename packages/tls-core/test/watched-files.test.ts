import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { watchFiles, type FileContents } from '../src/files/index.ts';
import { at, put, readText, textOf, told, watch } from './support/watched-folder.ts';

afterEach(() => vi.useRealTimers());

describe('files that are refused', () => {
  test('leave the value, reject `check` each time, and are told once', async () => {
    put('a', 'good');
    const onRefused = vi.fn<(error: unknown) => void>();
    const watched = await watch({ onRefused });
    put('a', 'bad');
    for (let time = 0; time < 5; time += 1)
      // oxlint-disable-next-line no-await-in-loop
      await expect(watched.check()).rejects.toThrow('refused: bad');
    expect(watched.current).toBe('good');
    expect(onRefused.mock.calls).toEqual([[expect.objectContaining({ message: 'refused: bad' })]]);
    put('a', 'bad too');
    await expect(watched.check()).rejects.toThrow('refused: bad too');
    expect(onRefused).toHaveBeenCalledTimes(2);
  });

  test('are forgotten when what is in use stands there again', async () => {
    put('a', 'good');
    const read = vi.fn<typeof readText>(readText);
    const onRefused = vi.fn<(error: unknown) => void>();
    const watched = await watch({ read, onRefused });
    put('a', 'bad');
    await expect(watched.check()).rejects.toThrow('refused: bad');
    put('a', 'good');
    expect(await watched.check()).toBe(false);
    expect(read).toHaveBeenCalledTimes(2);
    put('a', 'bad');
    await expect(watched.check()).rejects.toThrow('refused: bad');
    expect(onRefused).toHaveBeenCalledTimes(2);
  });

  test('are taken when what was wrong outside of them is mended', async () => {
    put('a', 'good');
    let isVaultOpen = false;
    const read = (files: readonly FileContents[]): string => {
      if (!isVaultOpen && textOf(files) === 'locked') throw new Error('the vault is closed');
      return textOf(files);
    };
    const watched = await watch({ read });
    put('a', 'locked');
    await expect(watched.check()).rejects.toThrow('the vault is closed');
    isVaultOpen = true;
    expect(await watched.check()).toBe(true);
    expect(watched.current).toBe('locked');
  });

  test('are read ever more rarely by the looks that come by themselves, and at once when they change', async () => {
    put('a', 'good');
    const read = vi.fn<typeof readText>(readText);
    const onRefused = vi.fn<(error: unknown) => void>();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await watch({ read, onRefused, interval: 1000 });
    const looks = async (count: number): Promise<void> => {
      for (let look = 0; look < count; look += 1) {
        vi.advanceTimersByTime(1000);
        // A look that is over has set the timer for the next one.
        // oxlint-disable-next-line no-await-in-loop
        await vi.waitUntil(() => vi.getTimerCount() === 1, { timeout: 60_000 });
      }
    };
    read.mockClear();
    put('a', 'bad');
    await looks(20);
    // These are the looks 1, 2, 4, 8 and 16.
    expect(read).toHaveBeenCalledTimes(5);
    expect(onRefused).toHaveBeenCalledTimes(1);
    put('a', 'good and new');
    await looks(1);
    expect(read).toHaveBeenCalledTimes(6);
    await looks(1);
    expect(read).toHaveBeenCalledTimes(6);
  });

  test('are those that vanish, until they are back', async () => {
    put('a', 'good');
    const read = vi.fn<typeof readText>(readText);
    const onRefused = vi.fn<(error: unknown) => void>();
    const watched = await watch({ paths: [at('a')], read, onRefused });
    renameSync(at('a'), at('b'));
    await expect(watched.check()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(watched.check()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(watched.current).toBe('good');
    expect(onRefused).toHaveBeenCalledTimes(1);
    renameSync(at('b'), at('a'));
    expect(await watched.check()).toBe(false);
    expect(read).toHaveBeenCalledTimes(1);
    put('a', 'better');
    expect(await watched.check()).toBe(true);
  });

  test('are those of a folder whose mount is gone', async () => {
    mkdirSync(at('mount'));
    put('mount/a', 'good');
    const watched = await watch({ paths: [at('mount')] });
    renameSync(at('mount'), at('gone'));
    await expect(watched.check()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(watched.current).toBe('good');
  });

  test('are those in whose place there is something else', async () => {
    put('a', 'good');
    const watched = await watch({ paths: [at('a')] });
    unlinkSync(at('a'));
    execFileSync('mkfifo', [at('a')]);
    await expect(watched.check()).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
    expect(watched.current).toBe('good');
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    ['throws what is no error', () => Promise.reject(Object.create(null) as Error)],
    ['throws nothing', () => Promise.reject(undefined as unknown as Error)],
  ])('are those for which the hook %s', async (_what, fail) => {
    put('a', '1');
    let isFirst = true;
    const onRefused = told<unknown>();
    const watched = await watch({
      read: async (files) => {
        if (!isFirst) return fail();
        isFirst = false;
        return textOf(files);
      },
      onRefused: onRefused.hook,
    });
    put('a', '2');
    await watched.check().then(
      () => expect.unreachable(),
      () => undefined,
    );
    await onRefused.next();
    expect(watched.current).toBe('1');
  });

  test('are told to the process where nobody else wants to know', async () => {
    put('a', 'good');
    const watched = await watchFiles({ paths: [at()], read: readText, interval: 0 });
    const warned = once(process, 'warning');
    put('a', 'bad');
    await expect(watched.check()).rejects.toThrow('refused: bad');
    watched.close();
    expect(await warned).toMatchObject([{ name: 'TlsWarning' }]);
  });

  test('are those for which the hook never answers', async () => {
    put('a', '1');
    const reads: ((text: string) => void)[] = [];
    const watched = await watch({
      read: (files) =>
        reads.length === 0 && textOf(files) === '1' ? '1' : new Promise((resolve) => reads.push(resolve)),
    });
    put('a', '2');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const look = watched.check();
    const failure = look.catch((error: unknown) => error);
    await vi.waitUntil(() => reads.length === 1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await failure).toMatchObject({ code: 'ERR_TLS_HOOK' });
    vi.useRealTimers();
    // what comes too late is nothing
    reads[0]?.('late');
    expect(watched.current).toBe('1');
  });
});

describe('looks', () => {
  test('come by themselves, and tell what is new', async () => {
    put('a', '1');
    const onChange = told<string>();
    const onRefused = told<unknown>();
    const watched = await watch({ interval: 100, onChange: onChange.hook, onRefused: onRefused.hook });
    put('a', '2');
    expect(await onChange.next()).toBe('2');
    put('a', 'bad');
    expect(await onRefused.next()).toMatchObject({ message: 'refused: bad' });
    put('a', '3');
    expect(await onChange.next()).toBe('3');
    expect(watched.current).toBe('3');
    expect(onRefused.all).toHaveLength(1);
  });

  test('that are asked for while one is under way share one that follows it', async () => {
    put('a', '1');
    const reads: (() => void)[] = [];
    let isFirst = true;
    const asked = told<undefined>();
    const watched = await watch({
      read: async (files) => {
        if (isFirst) {
          isFirst = false;
          return textOf(files);
        }
        await new Promise<void>((resolve) => {
          reads.push(resolve);
          asked.hook(undefined);
        });
        return textOf(files);
      },
    });
    put('a', '2');
    const first = watched.check();
    await asked.next();
    put('a', '3');
    const others = Array.from({ length: 1000 }, async () => watched.check());
    reads[0]?.();
    expect(await first).toBe(true);
    expect(watched.current).toBe('2');
    await asked.next();
    reads[1]?.();
    expect(new Set(await Promise.all(others))).toEqual(new Set([true]));
    expect(watched.current).toBe('3');
    expect(reads).toHaveLength(2);
  });

  test('end with `close`, which may be called twice and by `using`, also when one is under way', async () => {
    put('a', '1');
    let isFirst = true;
    const asked = told<undefined>();
    let answer: (() => void) | undefined;
    const onChange = vi.fn<(value: string) => void>();
    const watched = await watch({
      read: async (files) => {
        if (!isFirst) {
          asked.hook(undefined);
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
        }
        isFirst = false;
        return textOf(files);
      },
      onChange,
    });
    put('a', '2');
    const look = watched.check();
    await asked.next();
    watched.close();
    watched[Symbol.dispose]();
    answer?.();
    expect(await look).toBe(false);
    expect(watched.current).toBe('1');
    expect(await watched.check()).toBe(false);
    expect(onChange).not.toHaveBeenCalled();
  });

  test.each(['onChange', 'onRefused'] as const)(
    'go on where %s throws, which is an uncaught exception of its owner',
    async (name) => {
      put('a', '1');
      const reason = new Error('the owner’s');
      const watched = await watch({
        [name]: () => {
          throw reason;
        },
      });
      const uncaught = new Promise<unknown>((resolve) => {
        process.setUncaughtExceptionCaptureCallback(resolve);
      });
      put('a', name === 'onChange' ? '2' : 'bad');
      await watched.check().catch(() => undefined);
      expect(await uncaught).toBe(reason);
      process.setUncaughtExceptionCaptureCallback(null);
      put('a', '3');
      const last =
        name === 'onChange'
          ? new Promise((resolve) => process.setUncaughtExceptionCaptureCallback(resolve))
          : undefined;
      expect(await watched.check()).toBe(true);
      await last;
      process.setUncaughtExceptionCaptureCallback(null);
      expect(watched.current).toBe('3');
    },
  );

  test('keep no process alive', async () => {
    put('a', '1');
    const entry = pathToFileURL(join(import.meta.dirname, '../dist/files/index.js')).href;
    const script = `
      const { watchFiles } = await import(${JSON.stringify(entry)});
      const watched = await watchFiles({ paths: [${JSON.stringify(at('a'))}], read: ([file]) => file.bytes.length });
      process.stdout.write(String(watched.current));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout).toBe('1');
  });
});

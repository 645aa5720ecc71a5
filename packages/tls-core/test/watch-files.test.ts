import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, statSync, symlinkSync, unlinkSync, utimesSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { watchFiles, type FileContents } from '../src/files/index.ts';
import { at, put, readText, textOf, watch } from './support/watched-folder.ts';

describe('watchFiles refuses', () => {
  test.each([
    ['no list of paths', { paths: '/a' }, TypeError],
    ['a path that is no text', { paths: [1] }, TypeError],
    ['an empty path', { paths: [''] }, TypeError],
    ['a URL that is no file’s', { paths: [new URL('https://example.test/')] }, TypeError],
    ['no function', { read: 'text' }, TypeError],
    ['an unknown option', { folder: '/a' }, TypeError],
    ['an interval that is no number', { interval: '1' }, TypeError],
    ['listeners that are no functions', { onRefused: true }, TypeError],
    ['another listener that is no function', { onChange: {} }, TypeError],
  ])('%s', async (_what, options, kind) => {
    const given = { paths: [at()], read: readText, ...options } as never;
    await expect(watchFiles(given)).rejects.toThrow(kind);
  });

  test.each([0.5, -1, 1, 99, 2 ** 31, Number.NaN])('an interval of %d', async (interval) => {
    await expect(watch({ interval })).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'interval' });
  });

  test('an empty list of paths', async () => {
    await expect(watch({ paths: [] })).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'paths' });
  });

  test('a file that is not there, with the error of node:fs', async () => {
    await expect(watch({ paths: [at('none')] })).rejects.toMatchObject({ code: 'ENOENT', path: at('none') });
  });

  test('a link in a folder that leads nowhere', async () => {
    symlinkSync('nowhere', at('link'));
    await expect(watch()).rejects.toMatchObject({ code: 'ENOENT', path: at('link') });
  });

  test('a pipe, without waiting for its other end', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await expect(watch({ paths: [at('pipe')] })).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  test('more than 1,000 files, in one folder or in several', async () => {
    for (const name of ['a', 'b']) {
      mkdirSync(at(name));
      for (let index = 0; index < 501; index += 1) put(`${name}/${index}`, '');
    }
    const limit = { code: 'ERR_TLS_CONFIG' };
    await expect(watch({ paths: [at('a'), at('b')] })).rejects.toMatchObject(limit);
    for (let index = 501; index < 1001; index += 1) put(`a/${index}`, '');
    await expect(watch({ paths: [at('a')] })).rejects.toMatchObject(limit);
  });

  test('more than 64 MiB', async () => {
    put('large', '');
    execFileSync('truncate', ['-s', String(2 ** 26 + 1), at('large')]);
    await expect(watch()).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  test('what the first read throws', async () => {
    put('a', 'bad');
    const onRefused = vi.fn<(error: unknown) => void>();
    await expect(watch({ onRefused })).rejects.toThrow('refused: bad');
    expect(onRefused).not.toHaveBeenCalled();
  });
});

describe('a watch gives', () => {
  test('the files of a folder by name, without hidden ones, folders and pipes', async () => {
    for (const name of ['b', 'a', '.hidden', 'C']) put(name, name);
    mkdirSync(at('below'));
    put('below/d', 'd');
    execFileSync('mkfifo', [at('pipe')]);
    const seen: FileContents[] = [];
    await watch({
      read: (files) => {
        seen.push(...files);
        return textOf(files);
      },
    });
    expect(seen.map(({ path }) => path)).toEqual([at('C'), at('a'), at('b')]);
    expect(seen.every(({ bytes }) => bytes.constructor === Uint8Array)).toBe(true);
  });

  test('files in the order of the list, by path or URL, relative to the folder of the beginning', async () => {
    put('a', '1');
    put('b', '2');
    const cwd = process.cwd();
    vi.spyOn(process, 'cwd').mockReturnValue(at());
    const watched = await watch({ paths: ['b', pathToFileURL(at('a'))] });
    vi.mocked(process.cwd).mockReturnValue(cwd);
    put('b', 'two');
    expect(watched.current).toBe('2+1');
    expect(await watched.check()).toBe(true);
    expect(watched.current).toBe('two+1');
    vi.mocked(process.cwd).mockRestore();
  });

  test('empty files and an empty folder', async () => {
    expect((await watch()).current).toBe('');
    put('a', '');
    expect((await watch()).current).toBe('');
  });
});

describe('a watch sees', () => {
  test('a file that is written in place, one byte of it, and its time put back', async () => {
    put('a', 'one');
    const before = statSync(at('a'));
    const watched = await watch();
    put('a', 'onf');
    utimesSync(at('a'), before.atime, before.mtime);
    expect(await watched.check()).toBe(true);
    expect(watched.current).toBe('onf');
    expect(await watched.check()).toBe(false);
  });

  test('a file that is written many times without a pause', async () => {
    put('a', 'version 000');
    const watched = await watch();
    for (let index = 1; index < 100; index += 1) {
      put('a', `version ${String(index).padStart(3, '0')}`);
      // oxlint-disable-next-line no-await-in-loop
      expect(await watched.check()).toBe(true);
      expect(watched.current).toBe(`version ${String(index).padStart(3, '0')}`);
    }
  });

  test('links that are swapped one by one, as certbot does', async () => {
    mkdirSync(at('archive'));
    mkdirSync(at('live'));
    for (const version of [1, 2])
      for (const name of ['key', 'chain']) put(`archive/${name}${version}`, `${name}${version}`);
    for (const name of ['key', 'chain']) symlinkSync(`../archive/${name}1`, at(`live/${name}`));
    const watched = await watch({ paths: [at('live')] });
    expect(watched.current).toBe('chain1+key1');
    for (const name of ['key', 'chain']) {
      unlinkSync(at(`live/${name}`));
      symlinkSync(`../archive/${name}2`, at(`live/${name}`));
    }
    expect(await watched.check()).toBe(true);
    expect(watched.current).toBe('chain2+key2');
  });

  test('a link to a folder that is replaced, as Kubernetes does', async () => {
    for (const version of ['..one', '..two']) {
      mkdirSync(at(version));
      for (const name of ['tls.crt', 'tls.key']) put(`${version}/${name}`, `${name}${version}`);
    }
    symlinkSync('..one', at('..data'));
    for (const name of ['tls.crt', 'tls.key']) symlinkSync(`..data/${name}`, at(name));
    const watched = await watch();
    expect(watched.current).toBe('tls.crt..one+tls.key..one');
    symlinkSync('..two', at('..data_tmp'));
    renameSync(at('..data_tmp'), at('..data'));
    expect(await watched.check()).toBe(true);
    expect(watched.current).toBe('tls.crt..two+tls.key..two');
  });

  test('a file that comes, and one that goes', async () => {
    put('a', '1');
    const watched = await watch();
    put('b', '2');
    expect(await watched.check()).toBe(true);
    expect(watched.current).toBe('1+2');
    unlinkSync(at('a'));
    expect(await watched.check()).toBe(true);
    expect(watched.current).toBe('2');
  });

  test('a file that gets another name', async () => {
    put('a', '1');
    const read = vi.fn<typeof readText>(readText);
    const watched = await watch({ read });
    renameSync(at('a'), at('b'));
    expect(await watched.check()).toBe(true);
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('no change in a file that is touched, replaced by the same, or looked at again', async () => {
    put('a', '1');
    const read = vi.fn<typeof readText>(readText);
    const onChange = vi.fn<(value: string) => void>();
    const watched = await watch({ read, onChange });
    utimesSync(at('a'), 1, 1);
    expect(await watched.check()).toBe(false);
    put('b.new', '1');
    renameSync(at('b.new'), at('a'));
    expect(await watched.check()).toBe(false);
    expect(await watched.check()).toBe(false);
    expect(read).toHaveBeenCalledTimes(1);
    expect(onChange).not.toHaveBeenCalled();
  });

  test('files that a process writes all the time, whole where the reader refuses what is not, and the last ones in the end', async () => {
    const script = `
      const { writeFileSync } = require('node:fs');
      for (let version = 100; version < 400; version++) {
        for (const name of ['a', 'b']) writeFileSync(name, String(version).repeat(100_000));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3);
      }`;
    for (const name of ['a', 'b']) put(name, '099'.repeat(100_000));
    const watched = await watch({
      read: (files) => {
        const texts = files.map((file) => textOf([file]));
        for (const text of texts) if (text === '' || text !== text.slice(0, 3).repeat(100_000)) throw new Error('torn');
        return texts.map((text) => text.slice(0, 3)).join('+');
      },
    });
    const writer = execFile(process.execPath, ['-e', script], { cwd: at() });
    let isDone = false;
    const done = once(writer, 'exit').then(() => {
      isDone = true;
    });
    while (!isDone) {
      // oxlint-disable-next-line no-await-in-loop
      await watched.check().catch(() => undefined);
      expect(watched.current).toMatch(/^\d{3}\+\d{3}$/);
    }
    await done;
    await watched.check();
    expect(watched.current).toBe('399+399');
  });
});

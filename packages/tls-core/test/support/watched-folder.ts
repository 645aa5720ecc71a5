import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { watchFiles, type FileContents, type WatchedFiles, type WatchFilesOptions } from '../../src/files/index.ts';

let folder: string;
const open: WatchedFiles<unknown>[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-files-'));
});
afterEach(() => {
  for (const watched of open.splice(0)) watched.close();
  rmSync(folder, { recursive: true });
});

/** Each test has a folder of its own, in which a path is given by its name. */
export function at(name = ''): string {
  return join(folder, name);
}

export function put(name: string, text: string): void {
  writeFileSync(at(name), text);
}

export function textOf(files: readonly FileContents[]): string {
  return files.map(({ bytes }) => new TextDecoder().decode(bytes)).join('+');
}

/** Reads text, of which `bad` is refused. */
export function readText(files: readonly FileContents[]): string {
  const text = textOf(files);
  if (text.includes('bad')) throw new Error(`refused: ${text}`);
  return text;
}

/** Watches the test's folder until the test is over. Nobody looks but the test. */
export async function watch(options: Partial<WatchFilesOptions<string>> = {}): Promise<WatchedFiles<string>> {
  const watched = await watchFiles({
    paths: [folder],
    read: readText,
    interval: 0,
    onRefused: () => undefined,
    ...options,
  });
  open.push(watched);
  return watched;
}

/** What was told to a hook, when it is told. */
export function told<Value>(): {
  readonly hook: (value: Value) => void;
  readonly next: () => Promise<Value>;
  readonly all: Value[];
} {
  const all: Value[] = [];
  let wake: (() => void) | undefined;
  let taken = 0;
  return {
    all,
    hook: (value) => {
      all.push(value);
      wake?.();
    },
    next: async () => {
      while (all.length <= taken)
        // oxlint-disable-next-line no-await-in-loop
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      taken += 1;
      return all[taken - 1] as Value;
    },
  };
}

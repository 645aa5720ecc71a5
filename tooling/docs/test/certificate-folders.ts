import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const tls = join(dirname(createRequire(import.meta.url).resolve('@org/tls-cli/package.json')), 'dist', 'main.js');

/** Folders in which commands of a page have been run, as its reader runs them. */
export interface CertificateFolders {
  /**
   * Gives a new folder with what the commands make; the same commands are run once.
   * @param commands the arguments of `tls`, in their order
   */
  copyFor(commands: readonly (readonly string[])[]): Promise<string>;
  remove(): Promise<void>;
}

/** Makes a folder with what a page's shell commands make, which may be of any program. */
export async function folderByShell(commands: string): Promise<string> {
  const folder = await emptyFolder();
  await promisify(execFile)('sh', ['-ec', commands], { cwd: folder });
  return folder;
}

export function certificateFolders(): CertificateFolders {
  const made = new Map<string, Promise<string>>();
  const copies: string[] = [];
  return {
    async copyFor(commands) {
      const key = JSON.stringify(commands);
      const original = made.get(key) ?? folderBy(commands);
      made.set(key, original);
      const copy = await emptyFolder();
      copies.push(copy);
      await cp(await original, copy, { recursive: true });
      return copy;
    },
    async remove() {
      for (const folder of [...copies, ...(await Promise.all(made.values()))]) await rm(folder, { recursive: true });
    },
  };
}

async function folderBy(commands: readonly (readonly string[])[]): Promise<string> {
  const folder = await emptyFolder();
  for (const args of commands) await promisify(execFile)(process.execPath, [tls, ...args], { cwd: folder });
  return folder;
}

function emptyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tls-docs-'));
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Runtime } from './left-out.ts';

const require = createRequire(import.meta.url);

interface Program {
  readonly command: string;
  readonly flags: readonly string[];
  /** The flags with which a script may use sockets on the loopback. */
  readonly socketFlags: readonly string[];
}

/** The runtimes that run a script. Nothing is fetched while it runs, and in Deno it may do nothing that it is not allowed here. */
export const programs: Readonly<Record<Exclude<Runtime, 'chromium'>, () => Program>> = {
  node: () => ({ command: process.execPath, flags: [], socketFlags: [] }),
  bun: () => ({ command: within('bun', '@oven/bun-linux-x64', 'bin/bun'), flags: ['--no-install'], socketFlags: [] }),
  deno: () => ({
    command: within('deno', '@deno/linux-x64-glibc', 'deno'),
    flags: ['run', '--no-prompt', '--no-remote', '--cached-only'],
    socketFlags: ['--allow-net=127.0.0.1,localhost', '--allow-env'],
  }),
};

/** Finds a binary of a package's optional dependency. The package's install script, which would link it, does not run here. */
function within(owner: string, platformPackage: string, file: string): string {
  const fromOwner = createRequire(require.resolve(`${owner}/package.json`));
  return join(dirname(fromOwner.resolve(`${platformPackage}/package.json`)), file);
}

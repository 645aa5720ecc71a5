import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Wine's drive C and registry, inside a root. */
export const prefix = '/srv/wine';

const script = join(import.meta.dirname, 'enter-root.sh');

/**
 * Gives the arguments of `unshare` that run a command inside a root, in name spaces of its own. Its mounts are gone when it ends, and so is
 * each process that it leaves, such as Wine's server. The network is this machine's.
 * @param root made by `wineRoot`
 * @param options.command the program and its arguments
 * @param options.keeps whether what it writes stays in the root; otherwise it goes to memory, and every run begins alike
 * @param options.folder a folder that becomes `/stage`, where the command starts
 * @param options.authorities a file of certificates that the system trusts, instead of Debian's
 * @param options.env variables besides Wine's own
 */
export function enterRoot(root, { command, keeps = false, folder = '', authorities = '', env = {} }) {
  const variables = Object.entries({
    HOME: '/root',
    LANG: 'C.UTF-8',
    PATH: '/usr/bin:/bin',
    XDG_RUNTIME_DIR: '/tmp',
    WINEPREFIX: prefix,
    WINEDEBUG: process.env.WINEDEBUG ?? '-all',
    // Neither of these exists there, and Wine would ask for them in a window.
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
    ...env,
  }).map(([name, value]) => `${name}=${value}`);
  return [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--propagation=private',
    'sh',
    script,
    root,
    keeps ? 'keep' : 'discard',
    folder,
    authorities,
    ...variables,
    ...command,
  ];
}

/**
 * Runs a Windows program. Its output goes to a file, since node.exe under Wine cannot write to a pipe, and is copied to ours as it comes.
 * @returns its exit code, or null when a signal or the time limit ended it
 */
export async function runInWine(root, { outputFile, timeout, ...options }) {
  const output = openSync(outputFile, 'w');
  const child = spawn('unshare', enterRoot(root, options), { stdio: ['ignore', output, output], timeout });
  closeSync(output);
  const reader = openSync(outputFile, 'r');
  const timer = setInterval(() => copy(reader), 250);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
  } finally {
    clearInterval(timer);
    copy(reader);
    closeSync(reader);
  }
}

/** Copies what is new in a file to our output. */
function copy(reader) {
  const chunk = Buffer.alloc(2 ** 16);
  for (let size = readSync(reader, chunk); size > 0; size = readSync(reader, chunk)) {
    process.stdout.write(chunk.subarray(0, size));
  }
}

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import type { Crypto } from './kit.ts';
import type { Runtime } from './left-out.ts';
import { Reports } from './reports.ts';
import { programs } from './runtime-programs.ts';

const room = dirname(dirname(fileURLToPath(import.meta.url)));

export interface Script {
  /** A script of this room, as it was built, or a file by its whole path. */
  readonly script: string;
  readonly args: readonly string[];
  /** Whether it needs sockets on the loopback. */
  readonly sockets: boolean;
}

/**
 * Runs a script in a runtime.
 * @param onLine is given each line that it prints
 * @throws Error with what it said, when it cannot be started or does not end with the exit code 0
 */
export async function runScript(
  runtime: Exclude<Runtime, 'chromium'>,
  { script, args, sockets }: Script,
  onLine: (line: string) => void,
): Promise<void> {
  const { command, flags, socketFlags } = programs[runtime]();
  const folder = mkdtempSync(join(tmpdir(), 'tls-runtimes-'));
  // The variables that choose trust or a backend are the tests' own.
  const env = { PATH: process.env['PATH'], DENO_DIR: folder, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };
  try {
    const child = spawn(command, [...flags, ...(sockets ? socketFlags : []), resolve(room, 'dist', script), ...args], {
      cwd: room,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    createInterface({ input: child.stdout }).on('line', onLine);
    const status = await new Promise<number | NodeJS.Signals | null>((ended, failed) => {
      child.once('error', failed).once('close', (code, signal) => ended(code ?? signal));
    });
    if (status !== 0) throw new Error(`${runtime} ended with ${status}:\n${said.join('')}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the cases of crypto providers in Node, Bun or Deno. */
export async function runCryptoIn(runtime: Exclude<Runtime, 'chromium'>): Promise<Reports> {
  const reports = new Reports();
  const folder = mkdtempSync(join(tmpdir(), 'tls-runtimes-'));
  try {
    const script = join(folder, 'crypto.mjs');
    writeFileSync(script, (await bundle('crypto-in-process.js', 'node')).code);
    await runScript(runtime, { script, args: [runtime], sockets: false }, (line) => reports.add(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
  return reports;
}

/** Runs all cases of the kit in Node, Bun or Deno, first those that need no sockets. */
export async function runKitIn(runtime: Exclude<Runtime, 'chromium'>, crypto: Crypto): Promise<Reports> {
  const reports = new Reports(2);
  for (const entry of ['.', './node'])
    await runScript(
      runtime,
      { script: 'in-process.js', args: [runtime, crypto, entry], sockets: entry === './node' },
      (line) => reports.add(line),
    );
  return reports;
}

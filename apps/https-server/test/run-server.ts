import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** Ends it by a signal and gives its exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  readonly stderr: () => string;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly stderr: string;
}

/** Runs the built server as a user would, and waits until it says where it serves. */
export async function runServer(args: readonly string[]): Promise<RunningServer> {
  const child = start(args);
  const exited = new Promise<number | null>((resolve) => child.process.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.process.stdout.setEncoding('utf8').on('data', (text: string) => {
      const found = /https:\/\/\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.process.once('close', (exitCode) => reject(new Error(`ended with ${String(exitCode)}: ${child.stderr()}`)));
  });
  return {
    port: Number(new URL(url).port),
    stop: (signal) => {
      child.process.kill(signal);
      return exited;
    },
    stderr: child.stderr,
    [Symbol.asyncDispose]: async () => {
      if (child.process.exitCode === null && child.process.signalCode === null) child.process.kill('SIGKILL');
      await exited;
    },
  };
}

/** Runs the built server with arguments that it should refuse. */
export function runToEnd(args: readonly string[]): Promise<Ended> {
  const child = start(args);
  return new Promise((resolve) =>
    child.process.once('close', (exitCode) => resolve({ exitCode, stderr: child.stderr() })),
  );
}

function start(args: readonly string[]) {
  const { TLS_BACKEND: _chosen, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return { process: child, stderr: () => stderr };
}

/** A site to serve, with a secret beside it, and links in it that lead out. */
export async function makeSite(pem: {
  readonly chain: string;
  readonly key: string;
}): Promise<AsyncDisposable & Record<'site' | 'chain' | 'key', string>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'https-server-'));
  const at = (...parts: readonly string[]): string => path.join(folder, ...parts);
  await mkdir(at('site', 'docs', 'empty'), { recursive: true });
  await mkdir(at('site-secret'));
  await writeFile(at('secret.txt'), 'secret');
  await writeFile(at('site-secret', 'secret.txt'), 'secret');
  await writeFile(at('site', 'index.html'), '<!doctype html><title>home</title>');
  await writeFile(at('site', 'docs', 'index.html'), '<!doctype html><title>docs</title>');
  await writeFile(at('site', 'digits.txt'), '0123456789');
  await writeFile(at('site', 'docs', 'empty', '<b>&.txt'), 'odd');
  await writeFile(at('site', 'big.bin'), Buffer.alloc(3_000_000, 'big '));
  await writeFile(at('site', '.env'), 'secret');
  await symlink(at('secret.txt'), at('site', 'link-out.txt'));
  await symlink(at('site-secret'), at('site', 'folder-out'));
  await symlink(at('site', 'digits.txt'), at('site', 'link-in.txt'));
  await writeFile(at('chain.pem'), pem.chain);
  await writeFile(at('key.pem'), pem.key);
  return {
    site: at('site'),
    chain: at('chain.pem'),
    key: at('key.pem'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

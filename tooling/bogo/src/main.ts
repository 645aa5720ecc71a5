import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { summarize, writeResults } from './results.ts';

/**
 * Runs BoringSSL's runner against warm workers: `BOGO_RUNNER=<the binary> pnpm bogo [runner flags]`. The runner is built by hand
 * (`go test -c` in ssl/test/runner) and must be started there: BOGO_RUNNER_CWD, default the binary's folder. With BOGO_WRITE_RESULTS
 * the score is written down.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const workerCount = 2;

const runner = process.env['BOGO_RUNNER'];
if (runner === undefined) throw new Error('BOGO_RUNNER: expected the path of the runner');
const runnerFolder = process.env['BOGO_RUNNER_CWD'] ?? dirname(runner);

const scratch = mkdtempSync(join(tmpdir(), 'bogo-'));
const workers: ChildProcess[] = [];
try {
  const launcher = join(scratch, 'shim');
  execFileSync('c++', ['-O2', '-std=c++17', '-o', launcher, join(root, 'native', 'launcher.cc')], { stdio: 'inherit' });
  for (let index = 0; index < workerCount; index += 1) workers.push(await startWorker(join(scratch, String(index))));
  const json = join(scratch, 'results.json');
  const flags = [
    '-shim-path',
    launcher,
    '-shim-config',
    join(root, 'config.json'),
    '-json-output',
    json,
    '-allow-unimplemented',
    '-num-workers',
    '6',
    ...process.argv.slice(2),
  ];
  const startedAt = Date.now();
  const output = await run(runner, flags);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const summary = summarize(
    JSON.parse(readFileSync(json, 'utf8')),
    JSON.parse(readFileSync(join(root, 'config.json'), 'utf8')),
  );
  const failures = output.split('\n').filter((line) => line.startsWith('FAILED ('));
  process.stdout.write(`${failures.join('\n')}\n${summary.lines.join('\n')}\n${seconds} s\n`);
  if (process.env['BOGO_LOG'] !== undefined) writeFileSync(process.env['BOGO_LOG'], output);
  if (process.env['BOGO_WRITE_RESULTS'] !== undefined) {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: runnerFolder, encoding: 'utf8' }).trim();
    writeResults(join(root, 'RESULTS.md'), summary, { commit, seconds, provider: process.env['TLS_CRYPTO'] ?? 'node' });
  }
  process.exitCode = summary.failed === 0 ? 0 : 1;
} finally {
  for (const worker of workers) worker.kill();
  rmSync(scratch, { recursive: true, force: true });
}

async function startWorker(path: string): Promise<ChildProcess> {
  const worker = fork(join(root, 'dist', 'worker.js'), [path], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await new Promise((listening, failed) => {
    worker.once('message', listening);
    worker.once('exit', failed);
  });
  return worker;
}

async function run(command: string, flags: readonly string[]): Promise<string> {
  const child = spawn(command, flags, {
    cwd: runnerFolder,
    env: { ...process.env, BOGO_WORKERS: scratch, BOGO_WORKER_COUNT: String(workerCount) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((done, failed) => {
    child.once('close', done);
    child.once('error', failed);
  });
  return Buffer.concat(chunks).toString('utf8');
}

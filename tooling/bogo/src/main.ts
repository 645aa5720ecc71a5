import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  counted,
  linesOf,
  stalePatterns,
  staleTests,
  summarize,
  writeResults,
  type Run,
  type RunnerOutput,
} from './results.ts';
import { readShimConfig } from './shim-config.ts';
import { namesBeside, subjectName, subjectNamed } from './subjects.ts';
import type { Ready } from './worker.ts';

/**
 * Runs BoringSSL's runner against warm workers: `BOGO_RUNNER=<the binary> pnpm bogo [runner flags]`. The runner is built by hand
 * (`go test -c` in ssl/test/runner) and must be started there: BOGO_RUNNER_CWD, default the binary's folder. BOGO_BACKEND names
 * what is under test: `pure-node` (the default), `pure-noble`, `pure-native` or `native`. With BOGO_WRITE_RESULTS the score is written down, of both
 * providers where there are two. With BOGO_AUDIT the disabled tests are run too: one that passes is a fault of its pattern.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const workerCount = 2;

const runner = process.env['BOGO_RUNNER'];
if (runner === undefined) throw new Error('BOGO_RUNNER: expected the path of the runner');
const runnerPath = runner;
const runnerFolder = process.env['BOGO_RUNNER_CWD'] ?? dirname(runner);
const writesResults = process.env['BOGO_WRITE_RESULTS'] !== undefined;
const isAudit = process.env['BOGO_AUDIT'] !== undefined;

const subject = subjectNamed(subjectName);
const config = readShimConfig(root, subject.configFile);

const scratch = mkdtempSync(join(tmpdir(), 'bogo-'));
try {
  const launcher = join(scratch, 'shim');
  execFileSync('c++', ['-O2', '-std=c++17', '-o', launcher, join(root, 'native', 'launcher.cc')], { stdio: 'inherit' });
  writeFileSync(join(scratch, 'config.json'), JSON.stringify(config));
  process.exitCode = (isAudit ? await audit(launcher) : await score(launcher)) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function score(launcher: string): Promise<boolean> {
  const allTests = writesResults ? await listTests(launcher) : [];
  const names = writesResults ? namesBeside(subject) : [subjectName];
  const runs: Run[] = [];
  for (const name of names) {
    // They run one after the other, because each needs both cores.
    const { results, output, implementation, seconds, refusals } = await runAll(launcher, name, []);
    const summary = summarize(results, config, allTests);
    const failures = output.split('\n').filter((line) => line.startsWith('FAILED ('));
    print([...failures, name, ...linesOf(summary), ...summary.reasons, `${seconds} s`]);
    runs.push({ subjectName: name, implementation, seconds, summary, refusals });
  }
  if (writesResults) {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: runnerFolder, encoding: 'utf8' }).trim();
    writeResults(root, subject, commit, runs);
  }
  return runs.every(({ summary }) => summary.failed === 0);
}

/** @returns whether each disabled test still fails or is not implemented, and each pattern still disables a test */
async function audit(launcher: string): Promise<boolean> {
  const flags = ['-include-disabled', '-idle-timeout', '5s'];
  const { results, seconds } = await runAll(launcher, subjectName, flags);
  const tests = staleTests(results, config);
  const patterns = stalePatterns(Object.keys(results.tests), config);
  print([
    ...tests.map((name) => `passes, and is disabled: ${name}`),
    ...patterns.map((pattern) => `disables nothing: ${pattern}`),
    `${seconds} s`,
  ]);
  return tests.length === 0 && patterns.length === 0;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function runAll(launcher: string, name: string, flags: readonly string[]) {
  const workers: ChildProcess[] = [];
  const refused: string[] = [];
  let implementation: string | undefined;
  const sockets = mkdtempSync(join(scratch, 'workers-'));
  try {
    for (let index = 0; index < workerCount; index += 1) {
      const { worker, ready } = await startWorker(join(sockets, String(index)), name);
      ({ implementation } = ready);
      worker.on('message', ({ unimplemented }: { readonly unimplemented: string }) => refused.push(unimplemented));
      workers.push(worker);
    }
    const json = join(scratch, 'results.json');
    const startedAt = Date.now();
    const output = await run(
      ['-shim-path', launcher, '-json-output', json, '-num-workers', '6', ...flags, ...process.argv.slice(2)],
      { BOGO_WORKERS: sockets, BOGO_WORKER_COUNT: String(workerCount) },
    );
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    const results = JSON.parse(readFileSync(json, 'utf8')) as RunnerOutput;
    if (process.env['BOGO_LOG'] !== undefined) writeFileSync(process.env['BOGO_LOG'], output);
    return { results, output, implementation, seconds, refusals: counted(refused) };
  } finally {
    for (const worker of workers) worker.kill();
  }
}

/** Lists the names of all tests, including the disabled ones, which the runner does not mention otherwise. */
async function listTests(launcher: string): Promise<readonly string[]> {
  const json = join(scratch, 'list.json');
  await run(['-shim-path', launcher, '-json-output', json, '-include-disabled'], { BOGO_LIST: '1' });
  return Object.keys((JSON.parse(readFileSync(json, 'utf8')) as RunnerOutput).tests);
}

async function startWorker(path: string, name: string): Promise<{ worker: ChildProcess; ready: Ready }> {
  const worker = fork(join(root, 'dist', 'worker.js'), [path], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, BOGO_BACKEND: name },
  });
  const ready = await new Promise<Ready>((listening, failed) => {
    worker.once('message', listening);
    worker.once('exit', failed);
  });
  worker.on('exit', (code, signal) => {
    if (signal !== 'SIGTERM') print([`a worker died: ${signal ?? code}`]);
  });
  return { worker, ready };
}

async function run(flags: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(runnerPath, ['-shim-config', join(scratch, 'config.json'), '-allow-unimplemented', ...flags], {
    cwd: runnerFolder,
    env: { ...process.env, ...env },
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

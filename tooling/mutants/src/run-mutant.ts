import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const config = join(root, 'tooling/mutants/mutated.config.ts');

export interface MutantResult {
  readonly mutant: Mutant;
  /** The full names of the tests that failed without the check; empty where the mutant survived. */
  readonly killers: readonly string[];
  /** What the run printed, where no test failed. */
  readonly output: string;
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Runs the mutant's test file with the check switched off. */
export async function runMutant(mutant: Mutant): Promise<MutantResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mutant-'));
  try {
    const report = join(folder, 'report.json');
    const output = await runVitest(mutant, report);
    const text = await readFile(report, 'utf8').catch(() => undefined);
    if (text === undefined) return { mutant, killers: [], output };
    const { testResults } = JSON.parse(text) as Report;
    const failed = testResults.flatMap((each) => each.assertionResults).filter(({ status }) => status === 'failed');
    return { mutant, killers: failed.map(({ fullName }) => fullName.trim()), output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runVitest({ id, killedBy, tests }: Mutant, report: string): Promise<string> {
  const packageFolder = killedBy.split('/').slice(0, 2).join('/');
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      `--root=${join(root, packageFolder)}`,
      `--config=${config}`,
      '--reporter=json',
      `--outputFile=${report}`,
      '--maxWorkers=1',
      ...(tests === undefined ? [] : ['-t', tests]),
      relative(packageFolder, killedBy).split(sep).join('/'),
    ],
    { cwd: join(root, packageFolder), env: { ...process.env, MUTANT: id, CI_REPORTS: '' } },
  );
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  return Buffer.concat(chunks).toString();
}

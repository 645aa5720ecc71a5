import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeBesideOpenssl } from './node-folder.ts';
import { linesOf, writeResults, type Family } from './results.ts';
import type { Outcome, Site } from './run-test.ts';
import { surprises, verdictOn } from './score.ts';
import { subjectNamed } from './subjects.ts';
import { runTests } from './suite-run.ts';
import { faultsOf, readTable, reasonAgainst, unknownNames } from './table.ts';
import { digestOf, readTests, type TestFile } from './test-file.ts';

/**
 * Runs Node's own tests of node:tls with @org/node-tls in its place: `NODE_SUITE=<Node's test folder> pnpm suite [part of a name]…`.
 * NODE_SUITE_BACKEND names what is under test, as `subjects` has it: `pure` (the default), `native` and others. NODE_SUITE_NODE is the Node that runs them. With
 * NODE_SUITE_WRITE_RESULTS the score is written down. With NODE_SUITE_AUDIT the tests that do not apply run too: one that passes is named.
 * NODE_SUITE_VERBOSE prints what failing tests say.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const prefixes = ['test-tls-', 'test-https-'];
const timeLimit = 60_000;
const jobs = availableParallelism();
const announcement = '@org/node-tls: node:tls';

const suite = process.env['NODE_SUITE'];
if (suite === undefined) throw new Error('NODE_SUITE: expected the path of Node’s test folder');
const suiteFolder = resolve(suite);
const subject = subjectNamed(process.env['NODE_SUITE_BACKEND'] ?? 'pure');
const { backend } = subject;
const isAudit = process.env['NODE_SUITE_AUDIT'] !== undefined;
const isVerbose = process.env['NODE_SUITE_VERBOSE'] !== undefined;
const filters = process.argv.slice(2);

const nodeUsed = process.env['NODE_SUITE_NODE'] ?? process.execPath;
const versions = 'process.stdout.write(JSON.stringify([process.versions.node, process.versions.openssl]))';
const [nodeVersion, opensslVersion] = JSON.parse(execFileSync(nodeUsed, ['-e', versions], { encoding: 'utf8' })) as [
  string,
  string,
];
const table = readTable(root, nodeVersion.split('.')[0] ?? '');

const scratch = mkdtempSync(join(tmpdir(), 'node-suite-'));
try {
  const nodeFolder = join(scratch, 'bin');
  mkdirSync(nodeFolder);
  const node = nodeBesideOpenssl(nodeUsed, nodeFolder);
  const families: Family[] = [];
  for (const prefix of prefixes) families.push(await runFamily(prefix, { node, scratch, timeLimit, env: {} }));
  const verdicts = families.flatMap((family) => family.verdicts);
  const complaints = [
    ...surprises(verdicts, table, backend),
    ...unknownNames(
      table,
      prefixes.flatMap((prefix) => readTests(suiteFolder, prefix)),
    ).map((name) => `is not in the suite: ${name}`),
  ];
  print(complaints);
  if (process.env['NODE_SUITE_WRITE_RESULTS'] !== undefined) {
    writeResults({ folder: root, subject, table, node: `Node ${nodeVersion}, OpenSSL ${opensslVersion}` }, families);
  }
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function runFamily(prefix: string, plain: Site): Promise<Family> {
  const all = readTests(suiteFolder, prefix);
  const faults = faultsOf(table, all);
  if (faults.length > 0) throw new Error(`config.json: ${faults.join('\n')}`);
  const tests = all.filter(({ name }) => filters.length === 0 || filters.some((part) => name.includes(part)));
  const startedAt = Date.now();
  const baselines = await runTests(tests, plain, jobs);
  const wanted = isAudit ? tests : tests.filter((test) => reasonAgainst(test, table) === undefined);
  const outcomes = await runTests(wanted, { ...plain, env: packageEnv(), announcement }, jobs);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const verdicts = tests.map((test) => {
    const baseline = baselines.get(test.name);
    if (baseline === undefined) throw new Error(`${test.name}: did not run over node:tls`);
    return verdictOn(test, { table, backend, baseline, outcome: outcomes.get(test.name) });
  });
  const baselinePassed = [...baselines.values()].filter(({ kind }) => kind === 'passed').length;
  const family = { prefix, digest: digestOf(all), verdicts, baselinePassed, seconds };
  if (isAudit) print(audit(all, outcomes));
  print([
    ...verdicts.flatMap((verdict) => (verdict.kind === 'failed' ? failureLines(verdict.test, verdict.outcome) : [])),
    `${prefix}*, ${subject.name}`,
    ...linesOf(family),
    `${seconds} s`,
  ]);
  return family;
}

/** The beginning of a reason for tests that pass, but do not test us. */
const passesAnyway = 'passes: ';

/** Names the tests that pass although they do not apply. */
function audit(tests: readonly TestFile[], outcomes: ReadonlyMap<string, Outcome>): readonly string[] {
  const passing = tests.filter(({ name }) => outcomes.get(name)?.kind === 'passed');
  return passing.flatMap((test) => {
    const reason = reasonAgainst(test, table);
    return reason === undefined || reason.startsWith(passesAnyway)
      ? []
      : [`passes, and does not apply: ${test.name} (${reason})`];
  });
}

function failureLines(name: string, outcome: Outcome): readonly string[] {
  if (outcome.kind === 'passed') return [];
  const line = `${outcome.kind} (${name}): ${outcome.reason}`;
  return isVerbose && outcome.kind === 'failed' ? [line, outcome.output] : [line];
}

/** Puts the package under a test and under every Node that the test starts. */
function packageEnv(): NodeJS.ProcessEnv {
  const register = process.env['NODE_SUITE_REGISTER'] ?? import.meta.resolve('@org/node-tls/register');
  return {
    NODE_OPTIONS: `--import=${register}`,
    TLS_BACKEND: fileURLToPath(import.meta.resolve(subject.module)),
  };
}

function print(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

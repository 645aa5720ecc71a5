import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layOut } from './layout.ts';
import { countsOf, writeResults, type FamilyScore, type Run } from './results.ts';
import { runFiles, type FileOutcome, type Site } from './run-files.ts';
import { surprises, verdictsOn, type Verdict } from './score.ts';
import { announcements, under } from './subjects.ts';
import {
  backends,
  faultsOf,
  filesOf,
  forgottenFiles,
  readTable,
  racesIn,
  reasonsFor,
  seams,
  type Subject,
} from './table.ts';

/**
 * Runs undici's own tests with our TLS below undici: `UNDICI_SUITE=<undici's repository> pnpm suite [part of a file's name]…`.
 * UNDICI_SUITE_BACKEND names what is under test, `pure` or `native`; default: both. UNDICI_SUITE_NODE is the Node that runs them. With
 * UNDICI_SUITE_WRITE_RESULTS the score is written down. UNDICI_SUITE_VERBOSE prints all that a file with a difference says.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** undici gives its tests as much. */
const timeLimit = 180_000;
/** How much longer than over undici's own connector a file may take, and how long any may. */
const slowness = { factor: 4, least: 60_000 };
/** Most of what the files do is to wait. */
const jobs = 2 * availableParallelism();

const checkout = process.env['UNDICI_SUITE'];
if (checkout === undefined) throw new Error('UNDICI_SUITE: expected the path of undici’s repository');
const only = process.env['UNDICI_SUITE_BACKEND'];
const asked = backends.filter((name) => only === undefined || name === only);
if (asked.length === 0) throw new Error(`UNDICI_SUITE_BACKEND: expected pure or native, got ${only}`);
const isVerbose = process.env['UNDICI_SUITE_VERBOSE'] !== undefined;
const filters = process.argv.slice(2);

const node = process.env['UNDICI_SUITE_NODE'] ?? process.execPath;
const versions = 'process.stdout.write(JSON.stringify([process.versions.node, process.versions.openssl]))';
const [nodeVersion, opensslVersion] = JSON.parse(execFileSync(node, ['-e', versions], { encoding: 'utf8' })) as [
  string,
  string,
];
const [major = ''] = nodeVersion.split('.');
const table = readTable(root);

const scratch = mkdtempSync(join(tmpdir(), 'undici-suite-'));
try {
  const folder = join(scratch, 'undici');
  layOut(resolve(checkout), folder);
  const channel = join(scratch, 'channel');
  mkdirSync(channel);
  const tests = join(folder, 'test');
  const site: Site = { node, folder, scratch: channel, timeLimit: () => timeLimit, env: under('undici') };
  const files = [...new Set(table.families.flatMap((family) => wanted(filesOf(family, tests))))];
  const own = await runFiles(files, site, jobs, (_file, { end }) => end !== '0');
  const complaints = forgottenFiles(table, tests).map((file) => `is in no family: ${file}`);
  for (const backend of asked) {
    const runs: Run[] = [];
    for (const by of seams) {
      const subject: Subject = { by, backend, node: major };
      const judge = judgeOf(subject, own);
      const isSurprising = (file: string, ours: FileOutcome): boolean =>
        surprises(judge(file, ours), new Map()).length > 0;
      const place = { ...site, timeLimit: limitBy(own), env: under(by, backend), announcement: announcements[by] };
      const outcomes = await runFiles(files, place, jobs, isSurprising);
      const families = table.families.map((family) =>
        scoreOf(family.name, wanted(filesOf(family, tests)), outcomes, judge),
      );
      runs.push({ by, families });
      print(families.flatMap((family) => linesOf(subject, family)));
      if (isVerbose)
        print([...outcomes].flatMap(([file, ours]) => (isSurprising(file, ours) ? [`--- ${file}`, ours.output] : [])));
      complaints.push(...complaintsOf(subject, families));
    }
    if (process.env['UNDICI_SUITE_WRITE_RESULTS'] === undefined) continue;
    const used = `Node ${nodeVersion}, OpenSSL ${opensslVersion}`;
    writeResults({ folder: root, backend, suite: table.suite, node: used, major }, runs);
  }
  print(complaints);
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function limitBy(own: ReadonlyMap<string, FileOutcome>): Site['timeLimit'] {
  return (file) => Math.max(slowness.least, slowness.factor * (own.get(file)?.time ?? 0));
}

type Judge = (file: string, ours: FileOutcome) => readonly Verdict[];

/** @param own what came of the files over undici's own connector */
function judgeOf(subject: Subject, own: ReadonlyMap<string, FileOutcome>): Judge {
  return (file, ours) => {
    const before = own.get(file);
    if (before === undefined) throw new Error(`${file}: did not run over undici’s own connector`);
    // it is read anew, so that a reason can be written down while the others run
    return verdictsOn(file, { own: before, ours, reasons: reasonsFor(readTable(root), subject) });
  };
}

function scoreOf(
  name: string,
  files: readonly string[],
  outcomes: ReadonlyMap<string, FileOutcome>,
  judge: Judge,
): FamilyScore {
  const found = files.map((file) => {
    const outcome = outcomes.get(file);
    if (outcome === undefined) throw new Error(`${file}: did not run`);
    return { verdicts: judge(file, outcome), connections: outcome.connections };
  });
  return {
    name,
    files: files.length,
    connections: found.reduce((sum, { connections }) => sum + connections, 0),
    verdicts: found.flatMap(({ verdicts }) => verdicts),
  };
}

function linesOf({ by, backend }: Subject, { name, verdicts }: FamilyScore): readonly string[] {
  const { passed, differs, 'not counted': out } = countsOf(verdicts);
  return [
    `${by}, ${backend}, ${name}: ${passed} passed, ${differs} differ, ${out} not counted`,
    ...verdicts.flatMap((verdict) => (verdict.kind === 'differs' ? [`  ${verdict.test}: ${verdict.seen}`] : [])),
  ];
}

/** Says what a run shows to be wrong with the table. */
function complaintsOf(subject: Subject, families: readonly FamilyScore[]): readonly string[] {
  const now = readTable(root);
  const reasons = [...reasonsFor(now, subject)].filter(([test]) => wanted([test]).length > 0);
  const verdicts = families.flatMap((family) => family.verdicts);
  const lines = [...faultsOf(now, subject), ...surprises(verdicts, new Map(reasons), racesIn(now))];
  return lines.map((line) => `${subject.by}, ${subject.backend}: ${line}`);
}

function wanted(files: readonly string[]): readonly string[] {
  return files.filter((file) => filters.length === 0 || filters.some((part) => file.includes(part)));
}

function print(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

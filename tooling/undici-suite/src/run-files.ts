import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '@org/node-suite/run-process';
import type { ReportedTest } from './reporter.ts';

/** What came of a file of tests. */
export interface FileOutcome {
  /** Its exit code, the signal that ended it, or `time limit`. */
  readonly end: string;
  /** By their names; the second of a name has ` (2)` behind it. */
  readonly tests: ReadonlyMap<string, ReportedTest>;
  /** How many connections were secured, or tried to be. */
  readonly connections: number;
  /** How long it took, in milliseconds. */
  readonly time: number;
  readonly output: string;
}

/** Where files of tests run. */
export interface Site {
  /** The Node that runs them. */
  readonly node: string;
  /** What `layOut` laid out. */
  readonly folder: string;
  /** A folder for what the runner and the processes tell each other. */
  readonly scratch: string;
  /** What is added to the environment. */
  readonly env: NodeJS.ProcessEnv;
  /** How long a file may take, in milliseconds. */
  readonly timeLimit: (file: string) => number;
  /** What a process prints in which the subject is in its place: without it no test has passed. */
  readonly announcement?: string | undefined;
}

/**
 * Runs files side by side, each in a process of its own. One that surprises runs again when the others are done, alone: a busy machine is no
 * fault of the subject.
 * @param jobs how many run at a time
 */
export async function runFiles(
  files: readonly string[],
  site: Site,
  jobs: number,
  isSurprising: (file: string, outcome: FileOutcome) => boolean,
): Promise<ReadonlyMap<string, FileOutcome>> {
  const outcomes = new Map<string, FileOutcome>();
  const waiting = [...files];
  const work = async (slot: number): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      outcomes.set(file, await runFile(file, site, slot));
    }
  };
  await Promise.all(Array.from({ length: jobs }, (_, slot) => work(slot)));
  for (const [file, outcome] of outcomes) {
    if (isSurprising(file, outcome)) outcomes.set(file, await runFile(file, site, jobs));
  }
  return outcomes;
}

/** Runs one file. @param slot a number that no file beside it has */
export async function runFile(file: string, site: Site, slot: number): Promise<FileOutcome> {
  const report = join(site.scratch, `report-${slot}`);
  const tally = join(site.scratch, `tally-${slot}`);
  for (const path of [report, tally]) rmSync(path, { force: true });
  const reporter = new URL('../dist/reporter.js', import.meta.url).href;
  const startedAt = performance.now();
  const { end, output } = await runProcess({
    command: site.node,
    args: ['--expose-gc', `--test-reporter=${reporter}`, `--test-reporter-destination=${report}`, join('test', file)],
    cwd: site.folder,
    env: { ...process.env, ...site.env, UNDICI_SUITE_TALLY: tally },
    timeLimit: site.timeLimit(file),
  });
  const isInPlace = site.announcement === undefined || output.includes(site.announcement);
  const reported = linesOf(report).map((line) => JSON.parse(line) as ReportedTest);
  return {
    end: isInPlace ? end : 'the subject was not in its place',
    tests: byName(isInPlace ? reported : []),
    connections: linesOf(tally).length,
    time: performance.now() - startedAt,
    output,
  };
}

function byName(tests: readonly ReportedTest[]): ReadonlyMap<string, ReportedTest> {
  const named = new Map<string, ReportedTest>();
  const times = new Map<string, number>();
  for (const test of tests) {
    const time = (times.get(test.name) ?? 0) + 1;
    times.set(test.name, time);
    named.set(time === 1 ? test.name : `${test.name} (${time})`, test);
  }
  return named;
}

function linesOf(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

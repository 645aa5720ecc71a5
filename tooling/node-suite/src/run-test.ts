import { runProcess } from './run-process.ts';
import type { TestFile } from './test-file.ts';

/** How a test ended. */
export type Outcome =
  | { readonly kind: 'passed' }
  /** The test said itself that it cannot run here, and why. */
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly output: string };

/** Where a test runs. */
export interface Site {
  /** The Node that runs it. */
  readonly node: string;
  /** A folder for what tests write. */
  readonly scratch: string;
  /** What is added to the environment. */
  readonly env: NodeJS.ProcessEnv;
  /** In milliseconds. */
  readonly timeLimit: number;
  /** What the package says when it is in the place of node:tls: without it no test has passed. */
  readonly announcement?: string;
}

/** Runs a test in a process of its own. @param slot a number that no test beside it has */
export async function runTest(test: TestFile, site: Site, slot: number): Promise<Outcome> {
  const { end, output } = await runProcess({
    command: site.node,
    args: [...test.flags, test.path],
    cwd: site.scratch,
    // The tests' own harness takes its folder for temporary files from these.
    env: { ...process.env, ...site.env, NODE_TEST_DIR: site.scratch, TEST_THREAD_ID: String(slot) },
    timeLimit: site.timeLimit,
  });
  const outcome = outcomeOf(end, output);
  const isInPlace = site.announcement === undefined || output.includes(site.announcement);
  if (outcome.kind !== 'passed' || isInPlace) return outcome;
  return { kind: 'failed', reason: 'the package was not in the place of node:tls', output };
}

/** Reads how a test ended. @param end its exit code, the signal that ended it, or `time limit` */
export function outcomeOf(end: string, output: string): Outcome {
  if (end !== '0') return { kind: 'failed', reason: reasonOf(end, output), output };
  const skipped = /^1\.\.0 # Skipped: (.*)$/m.exec(output)?.[1];
  return skipped === undefined ? { kind: 'passed' } : { kind: 'skipped', reason: skipped.replace(/\.$/, '') };
}

/** Gives the first line that names an error, with what an assertion compares. */
function reasonOf(end: string, output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const at = lines.findIndex(
    (line) => /^(Uncaught )?\w*(Error|Exception)\b.*:/.test(line) || line.startsWith('Mismatched'),
  );
  const line = lines[at];
  const first = line === undefined ? `ended with ${end}` : end === '1' ? line : `${line} (${end})`;
  const compared = lines.slice(at + 1, at + 12).filter((line) => /^[+-] (?!actual)/.test(line));
  return [first, ...compared.slice(0, 4)].join(' | ');
}

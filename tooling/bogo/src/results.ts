import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShimConfig } from './shim-config.ts';
import { defaultName, subjectNamed, type Subject } from './subjects.ts';

/** The runner's JSON output, as far as it is read. */
export interface RunnerOutput {
  readonly tests: Readonly<Record<string, { readonly actual: string }>>;
}

/** The part of a `ShimConfig` that is counted. */
type Disabling = Pick<ShimConfig, 'DisabledTests'>;

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly notImplemented: number;
  readonly disabled: number;
  /** The reasons for which tests are disabled, with their counts. */
  readonly reasons: readonly string[];
}

/** Counts the results. @param allTests the names of all tests; those that the runner left out are disabled */
export function summarize(
  { tests }: RunnerOutput,
  { DisabledTests: patterns }: Disabling,
  allTests: readonly string[],
): Summary {
  const results = Object.values(tests).map(({ actual }) => actual);
  const passed = results.filter((actual) => actual === 'PASS').length;
  const notImplemented = results.filter((actual) => actual === 'SKIP').length;
  const failed = results.length - passed - notImplemented;
  const rules = Object.entries(patterns).map(([pattern, reason]) => ({ matches: globOf(pattern), reason }));
  const left = allTests.filter((name) => !Object.hasOwn(tests, name));
  const reasons = left.map((name) => rules.find(({ matches }) => matches.test(name))?.reason ?? 'no reason is given');
  return { passed, failed, notImplemented, disabled: left.length, reasons: counted(reasons) };
}

/** Writes the score. */
export function linesOf({ passed, failed, notImplemented, disabled }: Summary): readonly string[] {
  return [`passed: ${passed}`, `failed: ${failed}`, `not implemented: ${notImplemented}`, `disabled: ${disabled}`];
}

/** The beginning of a reason for patterns whose tests pass, but do not test what they are about. */
const passesAnyway = 'passes: ';

/** Gives the disabled tests that pass: their patterns are too wide, or stale. */
export function staleTests({ tests }: RunnerOutput, { DisabledTests: patterns }: Disabling): readonly string[] {
  const rules = Object.entries(patterns).map(([pattern, reason]) => ({ matches: globOf(pattern), reason }));
  return Object.entries(tests).flatMap(([name, { actual }]) => {
    const matching = rules.filter(({ matches }) => matches.test(name));
    const isStale = actual === 'PASS' && matching.length > 0;
    return isStale && !matching.some(({ reason }) => reason.startsWith(passesAnyway)) ? [name] : [];
  });
}

/** Gives the patterns that match no test's name. */
export function stalePatterns(allTests: readonly string[], { DisabledTests }: Disabling): readonly string[] {
  return Object.keys(DisabledTests).filter((pattern) => {
    const matches = globOf(pattern);
    return !allTests.some((name) => matches.test(name));
  });
}

/** Translates a pattern of the runner, which follows Go's filepath.Match. */
export function globOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/\[\^[A-Z]+\]|[.+^${}()|\\]/g, (part) =>
    part.startsWith('[') ? part : `\\${part}`,
  );
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

/** Gives the reasons with their counts, the most frequent first. */
export function counted(reasons: Iterable<string>): readonly string[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].toSorted(([, left], [, right]) => right - left).map(([reason, count]) => `- ${count}: ${reason}`);
}

/** The run of one subject. */
export interface Run {
  readonly subjectName: string;
  /** What the backend runs on, where that is another library. */
  readonly implementation: string | undefined;
  readonly seconds: number;
  readonly summary: Summary;
  /** What the shim refused, with counts. */
  readonly refusals: readonly string[];
}

/** Writes the page of results that the subjects share. */
export function writeResults(
  folder: string,
  { packageName, remark, resultsFile }: Subject,
  commit: string,
  runs: readonly Run[],
): void {
  const sections = runs.map(({ subjectName, implementation, seconds, summary }) => {
    const { title } = subjectNamed(subjectName);
    const heading = implementation === undefined ? title : `${title}: ${implementation}`;
    return `## ${heading}\n\n${linesOf(summary).join('\n')}\ntime: ${seconds} s on 2 cores\n`;
  });
  const [first] = runs;
  const date = new Date().toISOString().slice(0, 10);
  const backend = first === undefined || first.subjectName === defaultName ? '' : `BOGO_BACKEND=${first.subjectName} `;
  writeFileSync(
    join(folder, resultsFile),
    `# BoGo

BoringSSL's test runner (ssl/test/runner) against \`${packageName}\` through our shim. Alerts are checked, \`-loose-errors\` is not used.${remark === undefined ? '' : ` ${remark}`}

- date: ${date}
- BoringSSL commit: \`${commit}\`
- command: \`${backend}BOGO_RUNNER=<runner> BOGO_RUNNER_CWD=<boringssl>/ssl/test/runner BOGO_WRITE_RESULTS=1 pnpm --filter @org/bogo bogo\`
- \`BOGO_AUDIT=1\` in its place runs the disabled tests too, and fails where one of them passes

${sections.join('\n')}
## Disabled, by reason

${first?.summary.reasons.join('\n') ?? ''}

## Not implemented, by what the shim refuses

${first?.refusals.join('\n') ?? ''}
`,
  );
}

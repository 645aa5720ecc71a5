import { writeFileSync } from 'node:fs';

/** The runner's JSON output, as far as it is read. */
export interface RunnerOutput {
  readonly tests: Readonly<Record<string, { readonly actual: string }>>;
}

export interface ShimConfig {
  readonly DisabledTests: Readonly<Record<string, string>>;
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly notImplemented: number;
  /** Tests by the reason for which they are disabled. */
  readonly disabled: ReadonlyMap<string, number>;
  readonly lines: readonly string[];
}

/** Counts the results. @param allTests names; those that the runner left out are disabled */
export function summarize(
  { tests }: RunnerOutput,
  { DisabledTests: patterns }: ShimConfig,
  allTests: readonly string[],
): Summary {
  const results = Object.values(tests).map(({ actual }) => actual);
  const passed = results.filter((actual) => actual === 'PASS').length;
  const notImplemented = results.filter((actual) => actual === 'SKIP').length;
  const failed = results.length - passed - notImplemented;
  const rules = Object.entries(patterns).map(([pattern, reason]) => ({ matches: globOf(pattern), reason }));
  const disabled = new Map<string, number>();
  for (const name of allTests.filter((each) => !Object.hasOwn(tests, each))) {
    const reason = rules.find(({ matches }) => matches.test(name))?.reason ?? 'no reason is given';
    disabled.set(reason, (disabled.get(reason) ?? 0) + 1);
  }
  const total = [...disabled.values()].reduce((sum, count) => sum + count, 0);
  const lines = [
    `passed: ${passed}`,
    `failed: ${failed}`,
    `not implemented: ${notImplemented}`,
    `disabled: ${total}`,
    ...[...disabled].toSorted(([, left], [, right]) => right - left).map(([reason, count]) => `- ${count}: ${reason}`),
  ];
  return { passed, failed, notImplemented, disabled, lines };
}

/** The runner's patterns are those of Go's filepath.Match. */
export function globOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

export function writeResults(
  path: string,
  commit: string,
  runs: readonly { readonly provider: string; readonly seconds: number; readonly summary: Summary }[],
): void {
  const sections = runs.map(
    ({ provider, seconds, summary }) =>
      `## Crypto provider \`${provider}\`\n\n${summary.lines.slice(0, 4).join('\n')}\ntime: ${seconds} s on 2 cores\n`,
  );
  const reasons = runs[0]?.summary.lines.slice(4).join('\n') ?? '';
  writeFileSync(
    path,
    `# BoGo

BoringSSL's test runner (ssl/test/runner) against \`@org/tls-pure\` through our shim. Alerts are checked, \`-loose-errors\` is not used.

- BoringSSL commit: \`${commit}\`
- command: \`BOGO_RUNNER=<runner> BOGO_RUNNER_CWD=<boringssl>/ssl/test/runner BOGO_WRITE_RESULTS=1 pnpm --filter @org/bogo bogo\`

${sections.join('\n')}
## Disabled, by reason

${reasons}
`,
  );
}

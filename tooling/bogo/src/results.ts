import { writeFileSync } from 'node:fs';

/** The runner's JSON output, as far as it is read. */
interface RunnerOutput {
  readonly tests: Readonly<Record<string, { readonly actual: string; readonly is_unexpected?: boolean }>>;
}

interface ShimConfig {
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

/** Counts the results; a skipped test that a pattern of the configuration matches is disabled, any other is not implemented. */
export function summarize({ tests }: RunnerOutput, { DisabledTests: patterns }: ShimConfig): Summary {
  const disabled = new Map<string, number>();
  let passed = 0;
  let failed = 0;
  let notImplemented = 0;
  const rules = Object.entries(patterns).map(([pattern, reason]) => ({ matches: globOf(pattern), reason }));
  for (const [name, { actual }] of Object.entries(tests)) {
    if (actual === 'PASS') passed += 1;
    else if (actual !== 'SKIP') failed += 1;
    else {
      const rule = rules.find(({ matches }) => matches.test(name));
      if (rule === undefined) notImplemented += 1;
      else disabled.set(rule.reason, (disabled.get(rule.reason) ?? 0) + 1);
    }
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
function globOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

export function writeResults(
  path: string,
  { lines }: Summary,
  run: { readonly commit: string; readonly seconds: number; readonly provider: string },
): void {
  const text = `# BoGo

BoringSSL's test runner against \`@org/tls-pure\` through our shim.

- BoringSSL commit: \`${run.commit}\`
- command: \`BOGO_RUNNER=<runner> BOGO_RUNNER_CWD=<boringssl>/ssl/test/runner BOGO_WRITE_RESULTS=1 pnpm --filter @org/bogo bogo\`
- crypto provider: \`${run.provider}\`
- time: ${run.seconds} s on 2 cores

${lines.slice(0, 4).join('\n')}

Disabled by reason:

${lines.slice(4).join('\n')}
`;
  writeFileSync(path, text);
}

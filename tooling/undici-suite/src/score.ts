import type { FileOutcome } from './run-files.ts';
import { wholeFile } from './table.ts';

/** What came of a test over our TLS. */
export type Verdict =
  | { readonly kind: 'passed'; readonly test: string }
  /** It passes over undici's own connector, and not over ours. */
  | { readonly kind: 'differs'; readonly test: string; readonly reason: string | undefined; readonly seen: string }
  /** It does not pass over undici's own connector either. */
  | { readonly kind: 'not counted'; readonly test: string };

/** Compares a file's outcome over our TLS with that over undici's own connector. */
export function verdictsOn(
  file: string,
  {
    own,
    ours,
    reasons,
  }: { readonly own: FileOutcome; readonly ours: FileOutcome; readonly reasons: ReadonlyMap<string, string> },
): readonly Verdict[] {
  const verdicts = [...own.tests].map(([name, { kind }]): Verdict => {
    const test = `${file}: ${name}`;
    if (kind !== 'passed') return { kind: 'not counted', test };
    const now = ours.tests.get(name);
    if (now?.kind === 'passed') return { kind: 'passed', test };
    const seen = now === undefined ? `it did not end: ${ours.end}` : (now.reason ?? now.kind);
    return { kind: 'differs', test, reason: reasons.get(test), seen };
  });
  const differs = verdicts.some(({ kind }) => kind === 'differs');
  const test = `${file}: ${wholeFile}`;
  // the process of a file without tests is its one test
  if (own.end !== '0') return verdicts.length > 0 ? verdicts : [{ kind: 'not counted', test }];
  if (ours.end !== '0' && !differs)
    return [...verdicts, { kind: 'differs', test, reason: reasons.get(test), seen: `it ended with ${ours.end}` }];
  return verdicts.length > 0 ? verdicts : [{ kind: 'passed', test }];
}

/**
 * Gives what a run shows to be wrong with the table: a test that differs without a reason, a reason whose test passes or is not there.
 * @param races the tests of which one that passes is no surprise
 */
export function surprises(
  verdicts: readonly Verdict[],
  reasons: ReadonlyMap<string, string>,
  races: ReadonlySet<string> = new Set(),
): readonly string[] {
  const differing = new Set(verdicts.flatMap(({ kind, test }) => (kind === 'differs' ? [test] : [])));
  const known = new Set(verdicts.map(({ test }) => test));
  return [
    ...verdicts.flatMap((verdict) =>
      verdict.kind === 'differs' && verdict.reason === undefined
        ? [`differs, and has no reason: ${verdict.test} (${verdict.seen})`]
        : [],
    ),
    ...[...reasons.keys()]
      .filter((test) => !differing.has(test) && !(races.has(test) && known.has(test)))
      .map((test) => (known.has(test) ? `passes, and is said to differ: ${test}` : `is not in the suite: ${test}`)),
  ];
}

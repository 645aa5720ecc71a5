import type { Outcome } from './run-test.ts';
import { reasonAgainst, type Table } from './table.ts';
import type { TestFile } from './test-file.ts';

/** What came of a test. */
export type Verdict =
  | { readonly kind: 'passed'; readonly test: string }
  | { readonly kind: 'failed'; readonly test: string; readonly cause: string | undefined; readonly outcome: Outcome }
  | { readonly kind: 'not applicable'; readonly test: string; readonly reason: string };

/** What is asked of the backend whose tests are scored. */
export interface Question {
  readonly table: Table;
  readonly backend: string;
  /** How the test ends over node:tls itself. */
  readonly baseline: Outcome;
  /** How it ends over the package; `undefined` where it did not run. */
  readonly outcome: Outcome | undefined;
}

/**
 * Says what came of a test. It does not apply where the table says so or where it does not pass over node:tls itself, in the Node that
 * runs it. A test that skips itself over the package only has failed.
 */
export function verdictOn(test: TestFile, { table, backend, baseline, outcome }: Question): Verdict {
  const { name } = test;
  const reason = reasonAgainst(test, table);
  if (reason !== undefined) return { kind: 'not applicable', test: name, reason };
  if (baseline.kind !== 'passed') {
    const what = baseline.kind === 'skipped' ? `skips itself here (${baseline.reason})` : 'fails here';
    return { kind: 'not applicable', test: name, reason: `over node:tls itself it ${what}` };
  }
  if (outcome === undefined) throw new Error(`${name}: expected an outcome, got none`);
  if (outcome.kind === 'passed') return { kind: 'passed', test: name };
  return { kind: 'failed', test: name, cause: table.failing[backend]?.[name], outcome };
}

/** Gives what a run shows to be wrong with the table: a test that fails without a cause, a cause whose test passes. */
export function surprises(verdicts: readonly Verdict[], { failing }: Table, backend: string): readonly string[] {
  const causes = failing[backend] ?? {};
  return verdicts.flatMap((verdict) => {
    if (verdict.kind === 'failed' && verdict.cause === undefined) return [`fails, and has no cause: ${verdict.test}`];
    if (verdict.kind === 'passed' && Object.hasOwn(causes, verdict.test)) {
      return [`passes, and is said to fail: ${verdict.test}`];
    }
    return [];
  });
}

/** Gives the share of the applicable tests that passed, in per cent with one digit. */
export function shareOf(verdicts: readonly Verdict[]): string {
  const passed = verdicts.filter(({ kind }) => kind === 'passed').length;
  const applicable = verdicts.filter(({ kind }) => kind !== 'not applicable').length;
  // It is rounded down, because a bound is met or not.
  return applicable === 0 ? '–' : `${(Math.floor((passed * 1000) / applicable) / 10).toFixed(1)} %`;
}

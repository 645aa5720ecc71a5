import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestFile } from './test-file.ts';

/** What is known of tests before they run. It stands in `config.json`. */
export interface Table {
  /** The suite that the table was written for. */
  readonly suite: { readonly repository: string; readonly commit: string; readonly node: string };
  readonly notApplicable: readonly Reason[];
  /** For each backend the tests that fail, each with the cause. */
  readonly failing: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Why some tests do not apply. */
export interface Reason {
  readonly reason: string;
  /** A regular expression that each test's source must match: the place at which the reason shows. */
  readonly evidence: string;
  readonly tests: readonly string[];
}

export function readTable(folder: string): Table {
  return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Table;
}

/** Gives the reason for which a test does not apply, or `undefined`. */
export function reasonAgainst({ name }: TestFile, { notApplicable }: Table): string | undefined {
  return notApplicable.find(({ tests }) => tests.includes(name))?.reason;
}

/** Gives what is wrong with a table: a test under two reasons, a reason without its evidence, a failing test that does not apply. */
export function faultsOf({ notApplicable, failing }: Table, tests: readonly TestFile[]): readonly string[] {
  const listed = notApplicable.flatMap((reason) => reason.tests);
  const twice = listed.filter((name, index) => listed.indexOf(name) !== index);
  const unproven = notApplicable.flatMap(({ reason, evidence, tests: names }) => {
    const shows = new RegExp(evidence);
    const without = tests.filter(({ name, source }) => names.includes(name) && !shows.test(source));
    return without.map(({ name }) => `${name}: its source does not show that ${reason}`);
  });
  const both = Object.values(failing).flatMap((causes) => Object.keys(causes).filter((name) => listed.includes(name)));
  return [
    ...twice.map((name) => `${name}: stands under two reasons`),
    ...unproven,
    ...both.map((name) => `${name}: is said to fail and not to apply`),
  ];
}

/** Gives the names in a table that the suite does not have. */
export function unknownNames({ notApplicable, failing }: Table, tests: readonly TestFile[]): readonly string[] {
  const known = new Set(tests.map(({ name }) => name));
  const listed = [...notApplicable.flatMap((reason) => reason.tests), ...Object.values(failing).flatMap(Object.keys)];
  return [...new Set(listed)].filter((name) => !known.has(name));
}

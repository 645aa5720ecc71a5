import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestFile } from './test-file.ts';

/** What is known of the tests of one version of Node before they run. */
export interface Table {
  /** The suite that the table was written for. */
  readonly suite: Suite;
  readonly notApplicable: readonly Reason[];
  /** For each backend the tests that fail, each with the cause. */
  readonly failing: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Where the tests of a version of Node are. */
export interface Suite {
  readonly repository: string;
  readonly commit: string;
  /** The version of Node whose tests they are. */
  readonly node: string;
}

/** Why some tests do not apply. */
export interface Reason {
  readonly reason: string;
  /** A regular expression that each test's source must match: the place at which the reason shows. */
  readonly evidence: string;
  readonly tests: readonly string[];
  /** The major version of Node whose tests it is about; default: every one. */
  readonly node?: string;
}

/** The tables as they stand in `config.json`, by the major version of Node. */
interface Tables {
  readonly suites: Readonly<Record<string, Suite>>;
  readonly notApplicable: readonly Reason[];
  readonly failing: Readonly<Record<string, Table['failing']>>;
}

/** Gives the major versions of Node that there is a table for. */
export function knownNodes(folder: string): readonly string[] {
  return Object.keys(readTables(folder).suites);
}

/**
 * Reads the table for the tests of a version of Node.
 * @param major such as `20`
 * @throws Error when there is none
 */
export function readTable(folder: string, major: string): Table {
  const { suites, notApplicable, failing } = readTables(folder);
  const suite = suites[major];
  if (suite === undefined) throw new Error(`config.json: there is no table for the tests of Node ${major}`);
  const reasons = notApplicable.filter(({ node }) => node === undefined || node === major);
  return { suite, notApplicable: reasons, failing: failing[major] ?? {} };
}

function readTables(folder: string): Tables {
  return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Tables;
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

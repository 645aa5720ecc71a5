import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is known of undici's tests before they run, as it stands in `config.json`. */
export interface Table {
  readonly suite: Suite;
  readonly families: readonly Family[];
  readonly differing: readonly Difference[];
}

/** The tests that the table was written for. */
export interface Suite {
  readonly repository: string;
  readonly commit: string;
  /** The version of undici that they test here. */
  readonly undici: string;
}

/** Files that look at the same part of undici. */
export interface Family {
  readonly name: string;
  /** Below undici's `test`; a `*` stands for what is within a name. */
  readonly files: readonly string[];
}

/** What is under test, and by what. */
export interface Subject {
  /** How our TLS gets below undici: in the place of its connector, or of the `node:tls` that it loads. */
  readonly by: 'connector' | 'node-tls';
  readonly backend: 'pure' | 'native';
  /** The major version of Node. */
  readonly node: string;
}

/** Why some tests come out otherwise over our TLS. */
export interface Difference {
  readonly reason: string;
  /** Which subjects it is about; where a part is not there, it is about all. */
  readonly where?: Partial<Subject>;
  /** True: the tests come out one way or the other, by a race in themselves, so that one that passes is no surprise. */
  readonly isRace?: true;
  /** As `file: name`. */
  readonly tests: readonly string[];
}

export const seams: readonly Subject['by'][] = ['connector', 'node-tls'];
export const backends: readonly Subject['backend'][] = ['pure', 'native'];

/** What stands for a file itself, beside its tests: that its process ends well. */
export const wholeFile = '(the process)';

export function readTable(folder: string): Table {
  return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Table;
}

/** Gives the tests that differ, with the reason of each. */
export function reasonsFor(table: Table, subject: Subject): ReadonlyMap<string, string> {
  return new Map(differencesOf(table, subject));
}

/** Gives the tests that differ in some runs and pass in others. */
export function racesIn({ differing }: Table): ReadonlySet<string> {
  return new Set(differing.flatMap(({ isRace, tests }) => (isRace === true ? tests : [])));
}

/** Gives what is wrong with a table by itself: a test with two reasons for one subject. */
export function faultsOf(table: Table, subject: Subject): readonly string[] {
  const listed = differencesOf(table, subject).map(([test]) => test);
  return listed.filter((test, at) => listed.indexOf(test) !== at).map((test) => `${test}: has two reasons`);
}

function differencesOf({ differing }: Table, subject: Subject): readonly (readonly [test: string, reason: string])[] {
  const about = differing.filter(({ where = {} }) =>
    Object.entries(where).every(([part, value]) => subject[part as keyof Subject] === value),
  );
  return about.flatMap(({ reason, tests }) => tests.map((test) => [test, reason] as const));
}

/**
 * Finds the files of a family.
 * @param tests undici's folder `test`
 * @throws Error on a pattern that no file matches
 */
export function filesOf({ name, files }: Family, tests: string): readonly string[] {
  const all = testFiles(tests);
  return files.flatMap((pattern) => {
    const found = all.filter((file) => matches(pattern, file));
    if (found.length === 0) throw new Error(`config.json: ${name}: no file is called ${pattern}`);
    return found;
  });
}

/** Names the files that say something of TLS or of connecting, and stand in no family. */
export function forgottenFiles({ families }: Table, tests: string): readonly string[] {
  const patterns = families.flatMap(({ files }) => files);
  return testFiles(tests)
    .filter((file) => !patterns.some((pattern) => matches(pattern, file)))
    .filter((file) => ofInterest.test(readFileSync(join(tests, file), 'utf8')));
}

const ofInterest =
  /createSecureServer|node:https|node:tls|require\('(https|tls)'\)|allowH2|ProxyAgent|rejectUnauthorized/;
/** What is no test of undici itself: its types, other suites, and what the tests share. */
const noTests = /^(autobahn|fixtures|fuzzing|imports|jest|types|utils|web-platform-tests)\//;

function testFiles(tests: string): readonly string[] {
  const names = readdirSync(tests, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  return names.filter((file) => /\.m?js$/.test(file) && !noTests.test(file)).toSorted();
}

function matches(pattern: string, file: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(file);
}

/** One security check and how it is switched off. */
export interface Mutant {
  /** Unique, in kebab case; says which check is gone. */
  readonly id: string;
  /** The file that holds the check, from the repository's root. */
  readonly file: string;
  /** The check as it stands in the file: this text is there exactly once. */
  readonly find: string;
  /** What stands there instead. */
  readonly replace: string;
  /** The test file that must fail then, from the repository's root. */
  readonly killedBy: string;
  /** A pattern of the names of the tests to run in it; default: all. */
  readonly tests?: string;
}

/** What must fail: a test file, or some tests in one. */
export type Killer = string | Pick<Mutant, 'killedBy' | 'tests'>;

/** The conformance kit's cases whose ids begin so, where tls-pure plays both roles. */
export function pureKit(ids: string): Killer {
  return { killedBy: 'packages/tls-conformance/test/pure.test.ts', tests: `^pure as client and server ${ids}` };
}

/** Makes the rows of one source file. */
export function mutantsOf(
  file: string,
  killer: Killer,
  rows: readonly (Omit<Mutant, 'file' | 'killedBy'> & { readonly killedBy?: Killer })[],
): readonly Mutant[] {
  return rows.map(({ killedBy = killer, ...row }) => ({
    file,
    ...(typeof killedBy === 'string' ? { killedBy } : killedBy),
    ...row,
  }));
}

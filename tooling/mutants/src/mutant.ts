/** One security check, and how it is switched off. */
export interface Mutant {
  /** The id, which is unique and in kebab case; it says which check is missing. */
  readonly id: string;
  /** The file that holds the check, from the repository's root. */
  readonly file: string;
  /** The check as it stands in the file, where this text occurs exactly once. */
  readonly find: string;
  /** The text that replaces it. */
  readonly replace: string;
  /** The test file that must then fail, from the repository's root. */
  readonly killedBy: string;
  /** A pattern of the names of the tests that are run in it; default: all. */
  readonly tests?: string;
}

/** What must fail: a test file, or some tests in one. */
export type Killer = string | Pick<Mutant, 'killedBy' | 'tests'>;

/** Gives the cases of the conformance kit whose ids begin so, where tls-pure plays both roles. */
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

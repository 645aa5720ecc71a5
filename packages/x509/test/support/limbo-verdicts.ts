import { readFileSync } from 'node:fs';

/** What another verifier says of a case: it accepts or refuses it, or its harness cannot ask it. */
type OtherVerdict = 'A' | 'R' | '-';

interface VerdictFile {
  readonly verifiers: readonly string[];
  /** For each case one letter of each verifier, in their order. */
  readonly verdicts: Readonly<Record<string, string>>;
}

const path = new URL('limbo-verdicts.json', import.meta.url);
const { verifiers, verdicts } = JSON.parse(readFileSync(path, 'utf8')) as VerdictFile;

/** The other verifiers with their versions, as scripts/limbo-verdicts.mjs was told. */
export const otherVerifiers = verifiers;

/** @throws RangeError on a case that the others were not asked about */
export function otherVerdicts(id: string): readonly OtherVerdict[] {
  const letters = verdicts[id];
  if (letters?.length !== verifiers.length) throw new RangeError(`there are no verdicts on ${id}`);
  return letters.split('') as readonly OtherVerdict[];
}

/**
 * Tells whether none of the others refuses a case in the way in which TLS asks them.
 * @throws RangeError on a case that the others were not asked about
 */
export function isRefusedByNobody(id: string): boolean {
  return otherVerdicts(id).every((verdict, index) => verdict !== 'R' || verifiers[index]?.endsWith('strict') === true);
}

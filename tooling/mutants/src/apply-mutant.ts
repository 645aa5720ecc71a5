import type { Mutant } from './mutant.ts';

/**
 * Gives the source text without the check.
 * @throws Error when the check does not stand in the text exactly once, which means that the row is stale
 */
export function applyMutant({ id, file, find, replace }: Mutant, text: string): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`${id}: the check stands ${places} times in ${file}, expected once`);
  if (find === replace) throw new Error(`${id}: the replacement is the check itself`);
  return text.replace(find, () => replace);
}

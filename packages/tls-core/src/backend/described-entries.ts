import { TlsError } from '../tls-error.ts';

/**
 * Entries of a peer's list that a hook is told: protocols, certification authorities, suites, groups, schemes. The registries of such have
 * some hundreds; a peer that is not authenticated fits 32,000 into one message, and each becomes an object or a number for the hook.
 */
export const maxDescribedEntries = 1024;

/**
 * @param what the list's name
 * @throws TlsError `ERR_TLS_LIMIT` when there are more than 1024
 */
export function checkDescribedEntries(what: string, count: number): void {
  if (count <= maxDescribedEntries) return;
  throw new TlsError('ERR_TLS_LIMIT', `${what}: expected at most ${maxDescribedEntries} entries, got ${count}`);
}

/**
 * A list of numbers as a hook is told it.
 * @throws TlsError `ERR_TLS_LIMIT` as `checkDescribedEntries`
 */
export function describedNumbers(what: string, numbers: Uint16Array): readonly number[] {
  checkDescribedEntries(what, numbers.length);
  return Object.freeze([...numbers]);
}

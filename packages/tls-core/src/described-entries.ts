import { TlsError } from './tls-error.ts';

/**
 * Entries of a peer's list of names that a hook is told: protocols, certification authorities. The registries of such names have some
 * hundreds; a peer that is not authenticated fits 32,000 into one message, and each becomes an object for the hook.
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

import { readTrustStore, type TrustStoreName } from '@org/tls-core/trust-stores';
import { storedRoot, type Root } from './root.ts';

const lists = new Map<TrustStoreName, readonly Root[]>();

/**
 * Gives the roots of a platform's store. They are read once per process, unless there are none. Entries that cannot be read are left out,
 * and no certificate is parsed yet.
 * @throws TlsError `ERR_TLS_CONFIG` when there is no certificate in it, or none in a file that was named; `ERR_TLS_UNSUPPORTED` when the
 *   platform has no such store
 */
export function platformRoots(store: TrustStoreName): readonly Root[] {
  const known = lists.get(store);
  if (known !== undefined) return known;
  const roots = readTrustStore(store, storedRoot);
  lists.set(store, roots);
  return roots;
}

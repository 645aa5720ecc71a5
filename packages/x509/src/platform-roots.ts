import { TlsError } from '@org/tls-core';
import { certificatesInPem } from '@org/tls-core/backend';
import { readDefaultRoots, readMozillaRoots, readSystemRoots, type StoreText } from '@org/tls-core/trust-stores';
import { storedRoot, unlessBad, type Root } from './root.ts';

const readers = {
  default: readDefaultRoots,
  system: readSystemRoots,
  mozilla: readMozillaRoots,
} as const satisfies Readonly<Record<string, () => readonly StoreText[]>>;

/** The stores that `trust` knows by name. */
export type PlatformStore = keyof typeof readers;

export function isPlatformStore(trust: string): trust is PlatformStore {
  return Object.hasOwn(readers, trust);
}

const lists = new Map<PlatformStore, readonly Root[]>();

/**
 * Gives the roots of a platform's store. They are read once per process, unless there are none. Entries that cannot be read are left out,
 * and no certificate is parsed yet.
 * @throws TlsError `ERR_TLS_CONFIG` when there is no certificate in it, or none in a file that was named; `ERR_TLS_UNSUPPORTED` when the
 *   platform has no such store
 */
export function platformRoots(store: PlatformStore): readonly Root[] {
  const known = lists.get(store);
  if (known !== undefined) return known;
  const roots = readers[store]().flatMap((text) => rootsIn(text));
  if (roots.length === 0) throw noCertificate(`the ${store} store`);
  lists.set(store, roots);
  return roots;
}

function rootsIn({ pem, source }: StoreText): readonly Root[] {
  const certificates = unlessBad(() => certificatesInPem(pem, 'trust')) ?? [];
  const roots = certificates.flatMap((der) => storedRoot(der) ?? []);
  if (roots.length === 0 && source !== undefined) throw noCertificate(source);
  return roots;
}

function noCertificate(what: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `trust: ${what} holds no certificate; no peer could ever be trusted`, {
    option: 'trust',
  });
}

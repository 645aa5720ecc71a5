import type { CryptoProvider } from '@org/tls-crypto';
import type { Endpoint } from './endpoint.ts';

/** An implementation that is measured. */
export interface Subject {
  readonly name: string;
  /** Says what it is, for the reader of a table. */
  readonly about: string;
  /** The subject that serves it, where it is a client alone. */
  readonly server?: string;
  /** Loads it and nothing else, so that memory and start are its own. Rejects where it is not there. */
  load(): Promise<Endpoint>;
}

/** The one that all others are divided by. */
export const baseline = 'node:tls';

/** One row for each: a new one needs nothing else. */
export const subjects: readonly Subject[] = [
  {
    name: baseline,
    about: 'Node’s own, over its OpenSSL',
    load: async () => (await import('./endpoints/node-tls.ts')).nodeTls,
  },
  {
    name: 'pure',
    about: 'tls-pure over node:crypto, the default',
    load: async () => pure((await import('@org/tls-crypto/node')).nodeCrypto),
  },
  {
    name: 'pure, native crypto',
    about: "tls-pure with `crypto: 'native'`",
    async load() {
      const specifier = '@org/tls-native/crypto';
      const { nativeCrypto } = (await import(specifier)) as { readonly nativeCrypto: CryptoProvider };
      return pure(nativeCrypto);
    },
  },
  {
    name: 'native',
    about: 'tls-native over the system’s OpenSSL',
    async load() {
      const [{ ours }, { createBackend }] = await Promise.all([
        import('./endpoints/ours.ts'),
        import('@org/tls-native'),
      ]);
      return ours(createBackend());
    },
  },
  {
    name: 'pure, noble',
    about: 'tls-pure over noble, as in browsers',
    load: async () => pure((await import('@org/tls-crypto/noble')).nobleCrypto),
  },
];

/** @throws RangeError on a name that the table does not have */
export function subjectNamed(name: string): Subject {
  const found = subjects.find((each) => each.name === name);
  if (found === undefined)
    throw new RangeError(`unknown subject ${name}, expected one of: ${subjects.map((each) => each.name).join('; ')}`);
  return found;
}

async function pure(crypto: CryptoProvider): Promise<Endpoint> {
  const [{ ours }, { createBackend }] = await Promise.all([import('./endpoints/ours.ts'), import('@org/tls-pure')]);
  return ours(createBackend({ crypto }));
}

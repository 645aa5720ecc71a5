import type { TlsBackend } from '@org/tls-core';
import { createBackend as createNativeBackend, nativeLibrary } from '@org/tls-native';
import { nativeCrypto, nativeCryptoLibrary } from '@org/tls-native/crypto';
import { createBackend as createPureBackend } from '@org/tls-pure';
import { nodeCrypto } from '@org/tls-crypto/node';
import { nobleCrypto } from '@org/tls-crypto/noble';

/** What can be under test. */
export interface Subject {
  readonly packageName: string;
  /** The title in a list of results. */
  readonly title: string;
  /** What one has to know to understand its results. */
  readonly remark?: string;
  /** The list of disabled tests, and the file of the score. All subjects of a package share them. */
  readonly configFile: string;
  readonly resultsFile: string;
  create(): TlsBackend;
  /** What it runs on, where that is another library. */
  implementation?(): string;
}

const pure = { packageName: '@org/tls-pure', configFile: 'config.json', resultsFile: 'RESULTS.md' };
const native = { packageName: '@org/tls-native', configFile: 'config.native.json', resultsFile: 'RESULTS.native.md' };

/** The subjects by the names that BOGO_BACKEND gives them. */
const subjects: Readonly<Record<string, Subject>> = {
  'pure-node': { ...pure, title: 'Crypto provider `node`', create: () => createPureBackend({ crypto: nodeCrypto }) },
  'pure-noble': { ...pure, title: 'Crypto provider `noble`', create: () => createPureBackend({ crypto: nobleCrypto }) },
  'pure-native': {
    ...pure,
    title: 'Crypto provider `native`',
    create: () => createPureBackend({ crypto: nativeCrypto }),
    implementation: () => nativeCryptoLibrary().version,
  },
  native: {
    ...native,
    title: 'The system’s library',
    remark: 'A floor to learn from: where a reason begins with OpenSSL, the limit is the library’s own.',
    create: () => createNativeBackend(),
    implementation: () => nativeLibrary().version,
  },
};

export const defaultName = 'pure-node';

/** The name of what is under test in this process. */
export const subjectName = process.env['BOGO_BACKEND'] ?? defaultName;

/** @throws Error on an unknown name */
export function subjectNamed(name: string): Subject {
  const subject = subjects[name];
  if (subject === undefined)
    throw new Error(`BOGO_BACKEND: expected one of ${Object.keys(subjects).join(', ')}, got ${name}`);
  return subject;
}

/** Gives the names of all subjects whose score stands on the same page. */
export function namesBeside({ resultsFile }: Subject): readonly string[] {
  return Object.keys(subjects).filter((name) => subjects[name]?.resultsFile === resultsFile);
}

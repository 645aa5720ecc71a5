import type { TlsBackend } from '@org/tls-core';
import { createBackend as createNativeBackend } from '@org/tls-native';
import { createBackend as createPureBackend } from '@org/tls-pure';
import { nodeCrypto } from '@org/tls-crypto/node';
import { nobleCrypto } from '@org/tls-crypto/noble';

export const subjectNames = ['pure (node)', 'pure (noble)', 'native', 'native (offload)'] as const;
export type SubjectName = (typeof subjectNames)[number];

/** The order of the subjects, in which some come more often: noble and threads are slow. */
export const subjectTurns: readonly SubjectName[] = [
  ...Array.from({ length: 12 }, () => 'pure (node)' as const),
  ...Array.from({ length: 10 }, () => 'native' as const),
  'pure (noble)',
  'native (offload)',
];

export function createSubject(name: SubjectName): TlsBackend {
  if (name === 'native') return createNativeBackend();
  if (name === 'native (offload)') return createNativeBackend({ offload: true });
  return createPureBackend({ crypto: name === 'pure (node)' ? nodeCrypto : nobleCrypto });
}

import type { TlsBackend } from '@org/tls-core';
import { createBackend as createNativeBackend } from '@org/tls-native';
import { createBackend as createPureBackend } from '@org/tls-pure';
import { nodeCrypto } from '@org/tls-crypto/node';
import { nobleCrypto } from '@org/tls-crypto/noble';

export const subjectNames = ['pure (node)', 'pure (noble)', 'native'] as const;
export type SubjectName = (typeof subjectNames)[number];

/** Makes a backend that is under attack. */
export function createSubject(name: SubjectName): TlsBackend {
  if (name === 'native') return createNativeBackend();
  return createPureBackend({ crypto: name === 'pure (node)' ? nodeCrypto : nobleCrypto });
}

import type { TlsBackend } from '@org/tls-core';
import { createBackend as createNativeBackend } from '@org/tls-native';
import { nativeCrypto } from '@org/tls-native/crypto';
import { createBackend as createPureBackend } from '@org/tls-pure';
import { nodeCrypto } from '@org/tls-crypto/node';
import { nobleCrypto } from '@org/tls-crypto/noble';

export const subjectNames = ['pure (node)', 'pure (native)', 'pure (noble)', 'native', 'native (offload)'] as const;
export type SubjectName = (typeof subjectNames)[number];

/** The order of the subjects, in which some come more often: noble and threads are slow. */
export const subjectTurns: readonly SubjectName[] = [
  ...Array.from({ length: 8 }, () => 'pure (node)' as const),
  ...Array.from({ length: 6 }, () => 'pure (native)' as const),
  ...Array.from({ length: 8 }, () => 'native' as const),
  'pure (noble)',
  'native (offload)',
];

export function createSubject(name: SubjectName): TlsBackend {
  if (name === 'native') return createNativeBackend();
  if (name === 'native (offload)') return createNativeBackend({ offload: true });
  return createPureBackend({ crypto: providers[name] });
}

const providers = { 'pure (node)': nodeCrypto, 'pure (native)': nativeCrypto, 'pure (noble)': nobleCrypto } as const;

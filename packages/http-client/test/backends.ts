import type { TlsBackend } from '@org/tls-core';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';

/** Each test runs over each of them. */
export const backends: readonly (readonly [name: string, backend: TlsBackend])[] = [
  ['pure', createPure()],
  ['native', createNative()],
];

import type { TlsBackend } from '../backend.ts';
import type { CryptoName } from './crypto-choice.ts';

/** A backend, or the name of one: `pure`, `native`, `auto`, a package or an absolute path. */
export type BackendChoice = TlsBackend | (string & {});

/** The names that stand for the library's own backends. A configuration file can choose these and nothing else. */
export const backendNames = ['pure', 'native', 'auto'] as const;
export type BackendName = (typeof backendNames)[number];

/** True for the name of a backend of the library. */
export function isBackendName(value: unknown): value is BackendName {
  return (backendNames as readonly unknown[]).includes(value);
}

/** What one place says: the call, the environment or the file. */
export interface Choice {
  readonly backend: unknown;
  readonly crypto: CryptoName | undefined;
}

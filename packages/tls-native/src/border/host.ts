import type { PeerVerifier } from '@org/tls-core';
import type { Addon, NativeLibrary } from './addon.ts';
import type { Drive } from './drive.ts';

/** What all contexts of a backend share. */
export interface Host {
  readonly addon: Addon;
  readonly library: NativeLibrary;
  readonly drive: Drive;
  /** `undefined`: the platform's. */
  readonly verifier: PeerVerifier | undefined;
  /** `undefined`: the policy's. */
  readonly securityLevel: number | undefined;
}

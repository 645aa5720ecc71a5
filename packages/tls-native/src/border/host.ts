import type { PeerVerifier } from '@org/tls-core';
import type { Addon, ContextOptions, NativeLibrary } from './addon.ts';
import type { Drive } from './drive.ts';

/** What all contexts of a backend share. */
export interface Host {
  readonly addon: Addon;
  readonly library: NativeLibrary;
  readonly drive: Drive;
  /** `undefined` where the platform's verifier judges. */
  readonly verifier: PeerVerifier | undefined;
  readonly revocation: Pick<ContextOptions, 'revocationCheck' | 'revocationOfLeaf' | 'acceptsUnknownStatus'>;
  readonly resumption: Pick<ContextOptions, 'resumesBySystem'>;
  /** `undefined` where the system's policy decides. */
  readonly securityLevel: number | undefined;
}

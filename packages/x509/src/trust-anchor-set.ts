import type { TlsError } from '@org/tls-core';
import type { Certificate } from './certificate.ts';

/** A certificate of a bundle that cannot be an anchor. */
export interface LeftOut {
  readonly der: Uint8Array;
  /** Why it cannot be one. */
  readonly reason: TlsError;
}

/** The anchors to verify against; many verifications share them. */
export interface TrustAnchors {
  readonly count: number;
  /** The certificates of PEM bundles that were left out because they cannot be used. A chain that nobody vouches for is refused with a word of them. */
  readonly leftOut: readonly LeftOut[];
  /**
   * Gives the anchors with this subject (DER). Those without a certificate have the shape of one; one that cannot be parsed is left out.
   */
  findBySubject(subject: Uint8Array): readonly Certificate[];
}

import type { Certificate } from './certificate.ts';

/** The anchors to verify against; many verifications share them. */
export interface TrustAnchors {
  readonly count: number;
  /**
   * Gives the anchors with this subject (DER). Those without a certificate have the shape of one; one that cannot be parsed is left out.
   */
  findBySubject(subject: Uint8Array): readonly Certificate[];
}

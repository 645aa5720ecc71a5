import type { Certificate } from './certificate.ts';

/** Roots to verify against, shared by many verifications. */
export interface TrustAnchors {
  readonly count: number;
  /** The anchors with this subject, DER; those without a certificate in the shape of one. One that cannot be parsed is left out. */
  findBySubject(subject: Uint8Array): readonly Certificate[];
}

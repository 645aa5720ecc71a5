import type { Certificate } from './certificate.ts';

/** Roots to verify against, shared by many verifications. */
export interface TrustAnchors {
  readonly count: number;
  /** The anchors with this subject, DER. One that cannot be parsed is left out. */
  findBySubject(subject: Uint8Array): readonly Certificate[];
}

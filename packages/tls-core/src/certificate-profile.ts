/**
 * By which rules the form of certificates is judged, beyond what anybody's security hangs on:
 * - `compatible`: by none; CAs of one's own rarely keep all of them
 * - `rfc5280`: what RFC 5280 §4.2.1 demands of CAs: key identifiers, `basicConstraints` and `nameConstraints` marked critical
 * - `webpki`: what the CA/Browser Forum's Baseline Requirements §7.1 demand of public CAs: `extKeyUsage` in every peer's certificate and
 *   in no root's, a common name that is one of the subjectAltNames, no wildcard for a public suffix
 */
export type CertificateProfile = (typeof certificateProfiles)[number];

export const certificateProfiles = ['compatible', 'rfc5280', 'webpki'] as const;

import type { CertificateProfile } from '@org/tls-core';
import { limboCases, type LimboCase } from './limbo.ts';

/** By which profile a case is judged: `compatible`, the default, or the one that the case is about. */
export type LimboReading = 'default' | 'own';

/** The rules that a case is about, which the suite has both ways where RFC 5280 and the CA/Browser Forum differ. */
export function profileOf({ id }: LimboCase, reading: LimboReading): CertificateProfile {
  if (reading === 'default') return 'compatible';
  if (id.startsWith('rfc5280::')) return 'rfc5280';
  return id.startsWith('webpki::') ? 'webpki' : 'compatible';
}

/** Why our verdict on some cases is not the suite's. */
export interface Divergence {
  /** One sentence or more, for the table of the page. */
  readonly reason: string;
  /** `stricter`: we refuse what the suite accepts. `laxer`: we accept what it refuses. */
  readonly kind: 'stricter' | 'laxer';
  /** Under which profile it is so. */
  readonly readings: readonly LimboReading[];
  readonly ids: readonly string[];
}

const byDefault: readonly LimboReading[] = ['default'];
const both: readonly LimboReading[] = ['default', 'own'];

/** Each must still differ: one that no longer does turns its test red. */
export const divergences: readonly Divergence[] = [
  {
    reason:
      'A CA’s key signs certificates and no handshakes (BR §7.1.2.7.8), and a peer’s keyUsage has digitalSignature (RFC 8446 §4.4.2.2). webpki refuses it too.',
    kind: 'stricter',
    readings: both,
    ids: ['pathlen::validation-ignores-pathlen-in-leaf', 'rfc5280::ca-as-leaf'],
  },
  {
    reason:
      'The common name is one of the subjectAltNames (BR §7.1.4.3). The suite has it both ways: `webpki::cn::not-in-san` is refused for the same.',
    kind: 'stricter',
    readings: ['own'],
    ids: [
      'webpki::nc::nc-permits-dns-san-pattern',
      'webpki::san::exact-localhost-ip-san',
      'webpki::san::leftmost-wildcard-san',
    ],
  },
  {
    reason:
      'The number of a list tells which of two lists is newer, and binds those who make lists (RFC 5280 §5.2.3). easy-rsa and openssl make lists without one.',
    kind: 'laxer',
    readings: both,
    ids: ['crl::crlnumber-missing'],
  },
  {
    reason:
      'Key identifiers help to find a path. They prove nothing: the signatures do, and those are verified with every key that has the right name.',
    kind: 'laxer',
    readings: byDefault,
    ids: [
      'rfc5280::aki::cross-signed-root-missing-aki',
      'rfc5280::aki::intermediate-missing-aki',
      'rfc5280::aki::leaf-missing-aki',
      'rfc5280::ski::intermediate-missing-ski',
      'rfc5280::ski::root-missing-ski',
      'webpki::aki::root-with-aki-all-fields',
      'webpki::aki::root-with-aki-missing-keyidentifier',
      'webpki::aki::root-with-aki-ski-mismatch',
    ],
  },
  {
    reason:
      'The mark of being critical is for those who do not know the extension. We know these, and obey them whether they are marked or not.',
    kind: 'laxer',
    readings: byDefault,
    ids: [
      'rfc5280::nc::permitted-dns-match-noncritical',
      'rfc5280::pc::ica-noncritical-pc',
      'rfc5280::root-non-critical-basic-constraints',
      'rfc5280::san::noncritical-with-empty-subject',
      'webpki::eku::ee-critical-eku',
      'webpki::san::san-critical-with-nonempty-subject',
    ],
  },
  {
    reason:
      'A serial number is compared with those of revocation lists byte for byte, whatever its sign and its length are. CAs of one’s own have all of these.',
    kind: 'laxer',
    readings: byDefault,
    ids: ['rfc5280::serial::negative', 'rfc5280::serial::too-long', 'rfc5280::serial::zero'],
  },
  {
    reason: 'A peer’s certificate issues nothing, since it does not say cA: what it says about issuing has no effect.',
    kind: 'laxer',
    readings: byDefault,
    ids: [
      'rfc5280::leaf-ku-keycertsign',
      'rfc5280::nc::not-allowed-in-ee-critical',
      'rfc5280::nc::not-allowed-in-ee-noncritical',
    ],
  },
  {
    reason:
      'An anchor is a name and a key (RFC 5280 §6.1.1 (d)). It need not say that it is a CA’s: whoever trusts it has said so.',
    kind: 'laxer',
    readings: byDefault,
    ids: ['rfc5280::root-missing-basic-constraints'],
  },
  {
    reason: 'An empty name is compared like any other, and the signature proves whose it is.',
    kind: 'laxer',
    readings: byDefault,
    ids: ['rfc5280::ca-empty-subject'],
  },
  {
    reason: 'A leading dot stands for the subdomains, which is less than the same constraint without the dot permits.',
    kind: 'laxer',
    readings: byDefault,
    ids: ['rfc5280::nc::invalid-dnsname-leading-period'],
  },
  {
    reason: 'DNS carries underscores, and Docker and Kubernetes make names with them.',
    kind: 'laxer',
    readings: byDefault,
    ids: ['rfc5280::san::underscore-dns'],
  },
  {
    reason:
      'The common name is never looked at (RFC 9525 §2), so that nothing hangs on whether it is a copy of one of the names.',
    kind: 'laxer',
    readings: byDefault,
    ids: [
      'webpki::cn::case-mismatch',
      'webpki::cn::ipv4-hex-mismatch',
      'webpki::cn::ipv4-leading-zeros-mismatch',
      'webpki::cn::ipv6-non-rfc5952-mismatch',
      'webpki::cn::ipv6-uncompressed-mismatch',
      'webpki::cn::ipv6-uppercase-mismatch',
      'webpki::cn::not-in-san',
      'webpki::cn::punycode-not-in-san',
      'webpki::cn::utf8-vs-punycode-mismatch',
    ],
  },
  {
    reason:
      'RFC 5280 §4.2.1.12 allows a certificate without an extKeyUsage, one that names any purpose beside the right one, and a root with one. What stands there is obeyed.',
    kind: 'laxer',
    readings: byDefault,
    ids: ['webpki::eku::ee-anyeku', 'webpki::eku::ee-without-eku', 'webpki::eku::root-has-eku'],
  },
  {
    reason:
      'Which domains are public suffixes changes every week, and the list is not ours to ship. `webpki` asks `isPublicSuffix`; directly under a top-level domain no wildcard is taken in any profile.',
    kind: 'laxer',
    readings: byDefault,
    ids: [
      'webpki::san::public-suffix-multi-label-wildcard-san',
      'webpki::san::public-suffix-private-namespace-wildcard-san',
    ],
  },
];

/** The cases that diverge under one reading. */
export function divergingIds(reading: LimboReading, kind?: Divergence['kind']): ReadonlySet<string> {
  const some = divergences.filter((each) => each.readings.includes(reading) && (kind ?? each.kind) === each.kind);
  return new Set(some.flatMap(({ ids }) => ids));
}

/** All cases by their names. */
export const casesById: ReadonlyMap<string, LimboCase> = new Map(limboCases().map((each) => [each.id, each]));

/** Why our verdict on some cases is not the suite's. Each must still differ: one that no longer does turns its test red. */
const reasons: readonly (readonly [reason: string, ids: readonly string[]])[] = [
  [
    'revocation lists are not taken yet',
    [
      'crl::crlnumber-critical',
      'crl::crlnumber-missing',
      'crl::issuer-missing-crlsign',
      'crl::revoked-certificate-with-crl',
    ],
  ],
  [
    'stricter: a CA’s certificate is no peer’s (CA/Browser Forum BR §7.1.2.7.8), and a peer’s keyUsage has digitalSignature (RFC 8446 §4.4.2.2)',
    ['rfc5280::ca-as-leaf', 'pathlen::validation-ignores-pathlen-in-leaf'],
  ],
  [
    'stricter: constraints on e-mail addresses reject every certificate with one, as TLS peers have no use for them',
    [
      'rfc5280::nc::nc-permits-email-domain',
      'rfc5280::nc::nc-permits-email-exact',
      'rfc5280::nc::nc-permits-email-literal-asterisk-exact-match',
      'rfc5280::nc::nc-permits-email-literal-double-asterisk',
      'rfc5280::nc::nc-permits-email-literal-mid-asterisk',
    ],
  ],
  [
    'key identifiers only order the candidates; that an issuer left one away gives nobody a certificate, and private CAs do so',
    [
      'rfc5280::aki::cross-signed-root-missing-aki',
      'rfc5280::aki::intermediate-missing-aki',
      'rfc5280::aki::leaf-missing-aki',
      'rfc5280::ski::intermediate-missing-ski',
      'rfc5280::ski::root-missing-ski',
      'webpki::aki::root-with-aki-all-fields',
      'webpki::aki::root-with-aki-missing-keyidentifier',
      'webpki::aki::root-with-aki-ski-mismatch',
    ],
  ],
  [
    'the suite has it both ways (webpki::nc::permitted-dns-match-noncritical); the constraint is enforced, critical or not',
    ['rfc5280::nc::permitted-dns-match-noncritical'],
  ],
  [
    'basicConstraints is enforced, critical or not; roots of private CAs often do not mark it',
    ['rfc5280::root-non-critical-basic-constraints'],
  ],
  [
    'the common name is never looked at, so what it says gives nobody a name',
    [
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
  ],
  [
    'rules of the CA/Browser Forum on how public CAs mark what they issue, which private CAs need not keep; serverAuth itself is enforced',
    [
      'webpki::eku::ee-anyeku',
      'webpki::eku::ee-critical-eku',
      'webpki::eku::ee-without-eku',
      'webpki::eku::root-has-eku',
      'webpki::san::san-critical-with-nonempty-subject',
    ],
  ],
  [
    'needs the public suffix list, which goes out of date inside a library; `*` directly under a top-level domain is refused',
    [
      'webpki::san::public-suffix-multi-label-wildcard-san',
      'webpki::san::public-suffix-private-namespace-wildcard-san',
    ],
  ],
];

/** Case id to reason. */
export const limboDivergences: ReadonlyMap<string, string> = new Map(
  reasons.flatMap(([reason, ids]) => ids.map((id) => [id, reason] as const)),
);

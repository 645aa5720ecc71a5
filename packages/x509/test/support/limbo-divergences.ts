/** Why our verdict on some cases is not the suite's. Each must still differ: one that no longer does turns its test red. */
const reasons: readonly (readonly [reason: string, ids: readonly string[]])[] = [
  [
    'stricter: a CA’s certificate is no peer’s (CA/Browser Forum BR §7.1.2.7.8), and a peer’s keyUsage has digitalSignature (RFC 8446 §4.4.2.2)',
    ['rfc5280::ca-as-leaf', 'pathlen::validation-ignores-pathlen-in-leaf'],
  ],
  [
    'laxer: a list without cRLNumber is used, as easy-rsa and openssl make them (RFC 5280 §5.2.3 binds those who make lists)',
    ['crl::crlnumber-missing'],
  ],
  [
    'stricter: the common name is one of the subjectAltNames (CA/Browser Forum BR §7.1.4.3); the suite has it both ways (webpki::cn::not-in-san)',
    [
      'webpki::nc::nc-permits-dns-san-pattern',
      'webpki::san::exact-localhost-ip-san',
      'webpki::san::leftmost-wildcard-san',
    ],
  ],
];

/** Case id to reason. */
export const limboDivergences: ReadonlyMap<string, string> = new Map(
  reasons.flatMap(([reason, ids]) => ids.map((id) => [id, reason] as const)),
);

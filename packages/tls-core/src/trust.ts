/**
 * Where the certificates come from that a peer's chain must end at.
 * - `default`: what Node trusts by default (its bundled list and `NODE_EXTRA_CA_CERTS`)
 * - `system`: the operating system's store, or what `SSL_CERT_FILE` and `SSL_CERT_DIR` name
 * - `mozilla`: Mozilla's list as Node bundles it, and nothing else; elsewhere pass `mozillaRoots` of `@org/tls-roots`
 * - PEM text with one or more certificates, or one DER certificate
 * - a trust anchor without a certificate
 * - a list: the union
 */
export type TrustSource = TrustStoreName | (string & {}) | Uint8Array | TrustAnchor | readonly TrustSource[];

/**
 * A name and a key to trust, without the certificate that they come from (RFC 5280 §6.1.1 (d)). It vouches for any chain at any time;
 * what a certificate would say about its end, its purpose and the length of paths is not there to be checked.
 */
export interface TrustAnchor {
  /** Name, DER. */
  readonly subject: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly subjectPublicKeyInfo: Uint8Array;
  /** NameConstraints, DER: the extension's value (RFC 5280 §4.2.1.10). Absent: any name. */
  readonly nameConstraints?: Uint8Array | undefined;
}

/** The stores that have a name. */
export const trustStoreNames = ['default', 'system', 'mozilla'] as const;

export type TrustStoreName = (typeof trustStoreNames)[number];

export function isTrustStoreName(source: TrustSource): source is TrustStoreName {
  const names: readonly TrustSource[] = trustStoreNames;
  return names.includes(source);
}

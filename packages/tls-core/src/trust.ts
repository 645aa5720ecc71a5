/**
 * Where the certificates come from that a peer's chain must end at.
 * - `system`: the operating system's store
 * - `default`: what Node trusts by default (its bundled list and `NODE_EXTRA_CA_CERTS`) where there is Node, else `system`
 * - PEM text with one or more certificates, or one DER certificate
 * - a list: the union
 */
export type TrustSource = 'system' | 'default' | (string & {}) | Uint8Array | readonly TrustSource[];

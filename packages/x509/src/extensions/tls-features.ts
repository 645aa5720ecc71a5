import type { DerReader } from '@org/tls-crypto/der';

/** The feature of a certificate that must be stapled: TLS's status_request (RFC 7633 §4.2.3.1). */
export const statusRequestFeature = 5;

/** TLS extensions that a certificate names; in use is one. */
const maxFeatures = 16;

/** TLS feature (RFC 7633 §4): numbers of TLS extensions, in any order. */
export function readTlsFeatures(reader: DerReader): readonly number[] {
  const features = reader.sequence();
  return features.isAtEnd ? [] : features.list(maxFeatures, () => features.smallInteger());
}

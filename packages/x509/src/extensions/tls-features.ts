import type { DerReader } from '@org/tls-crypto/der';

/** The feature that says that a certificate must be stapled: the TLS extension status_request (RFC 7633 §4.2.3.1). */
export const statusRequestFeature = 5;

/** The most TLS extensions that a certificate may name; only one is in use. */
const maxFeatures = 16;

/** Reads the TLS feature extension (RFC 7633 §4), which lists numbers of TLS extensions in any order. */
export function readTlsFeatures(reader: DerReader): readonly number[] {
  const features = reader.sequence();
  return features.isAtEnd ? [] : features.list(maxFeatures, () => features.smallInteger());
}

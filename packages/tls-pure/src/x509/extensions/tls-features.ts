import type { DerReader } from '../der-reader.ts';

/** TLS extensions that a certificate names; in use is one. */
const maxFeatures = 16;

/** TLS feature (RFC 7633 §4): numbers of TLS extensions, in any order. */
export function readTlsFeatures(reader: DerReader): readonly number[] {
  const features = reader.sequence();
  return features.isAtEnd ? [] : features.list(maxFeatures, () => features.smallInteger());
}

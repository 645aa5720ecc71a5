import type { DerReader } from '../der-reader.ts';

/** TLS feature (RFC 7633 §4): numbers of TLS extensions, in any order. */
export function readTlsFeatures(reader: DerReader): readonly number[] {
  const features = reader.sequence();
  const found: number[] = [];
  while (!features.isAtEnd) found.push(features.smallInteger());
  return found;
}

import { DerTag, type DerReader } from '@org/tls-crypto/der';

/** basicConstraints (RFC 5280 §4.2.1.9). */
export interface BasicConstraints {
  readonly cA: boolean;
  /** It means nothing where `cA` is false; RFC 5280 forbids it there. */
  readonly pathLenConstraint: number | undefined;
}

export function readBasicConstraints(reader: DerReader): BasicConstraints {
  const sequence = reader.sequence();
  const cA = sequence.peek() === DerTag.boolean && sequence.boolean();
  // Real certificates write `cA FALSE`, though DER does not write defaults (X.690 §11.5). Nothing depends on it, so that it is accepted.
  const pathLenConstraint = sequence.isAtEnd ? undefined : sequence.smallInteger();
  sequence.end();
  return { cA, pathLenConstraint };
}

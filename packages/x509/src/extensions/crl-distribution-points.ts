import { contextTag, type DerReader } from '@org/tls-crypto/der';

/** The most points of a certificate, and the most names of a point; there are one or two. */
const maxPoints = 64;

/**
 * Reads cRLDistributionPoints (RFC 5280 §4.2.1.13).
 * @returns the GeneralNames (DER) of all points that name a place, not those of a name relative to the CRL's issuer
 */
export function readCrlDistributionPoints(reader: DerReader): readonly Uint8Array[] {
  const points = reader.sequence();
  const found: Uint8Array[] = [];
  points.list(maxPoints, () => {
    const point = points.sequence();
    const name = point.enterOptional(contextTag(0, true));
    const fullName = name?.enterOptional(contextTag(0, true));
    if (fullName === undefined) name?.any();
    else if (!fullName.isAtEnd) found.push(...fullName.list(maxPoints, () => fullName.any().raw));
    name?.end();
    if (point.peek() === contextTag(1, false)) point.bitString(contextTag(1, false)); // the reasons
    if (point.peek() === contextTag(2, true)) point.any(); // the cRLIssuer
    point.end();
  });
  return found;
}

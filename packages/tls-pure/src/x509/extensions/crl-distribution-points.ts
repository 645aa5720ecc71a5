import { contextTag, type DerReader } from '../der-reader.ts';

/**
 * cRLDistributionPoints (RFC 5280 §4.2.1.13).
 * @returns the GeneralNames (DER) of all points that name a place, not a name relative to the CRL's issuer
 */
export function readCrlDistributionPoints(reader: DerReader): readonly Uint8Array[] {
  const points = reader.sequence();
  const found: Uint8Array[] = [];
  do {
    const point = points.sequence();
    const name = point.enterOptional(contextTag(0, true));
    const fullName = name?.enterOptional(contextTag(0, true));
    if (fullName !== undefined) while (!fullName.isAtEnd) found.push(fullName.any().raw);
    else if (name !== undefined) name.any();
    name?.end();
    if (point.peek() === contextTag(1, false)) point.bitString(contextTag(1, false)); // reasons
    if (point.peek() === contextTag(2, true)) point.any(); // cRLIssuer
    point.end();
  } while (!points.isAtEnd);
  return found;
}

import { Oid, type DerReader } from '@org/tls-crypto/der';
import { readGeneralName } from '../names/general-name.ts';

/** The most places that a certificate may name; it has one or two. */
const maxDescriptions = 64;

/**
 * Reads authorityInfoAccess (RFC 5280 §4.2.2.1).
 * @returns the URIs of OCSP responders, as they stand there
 */
export function readOcspResponders(reader: DerReader): readonly string[] {
  const sequence = reader.sequence();
  const found: string[] = [];
  sequence.list(maxDescriptions, () => {
    const description = sequence.sequence();
    const method = description.objectIdentifier();
    const location = readGeneralName(description);
    description.end();
    if (method === Oid.ocsp && location.kind === 'uri') found.push(location.name);
  });
  return found;
}

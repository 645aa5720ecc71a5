import type { DerReader } from '@org/tls-crypto/der';
import { maxGeneralNames, readGeneralName, type GeneralName } from '../names/general-name.ts';

/** Reads subjectAltName (RFC 5280 §4.2.1.6): it has at least one name, and an iPAddress has 4 or 16 octets. */
export function readSubjectAltName(reader: DerReader): readonly GeneralName[] {
  const sequence = reader.sequence();
  return sequence.list(maxGeneralNames, () => {
    const name = readGeneralName(sequence);
    if (name.kind === 'ip' && name.address.length !== 4 && name.address.length !== 16) {
      throw reader.fault(`an iPAddress of ${name.address.length} octets`);
    }
    return name;
  });
}

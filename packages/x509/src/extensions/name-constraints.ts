import { contextTag, type DerReader } from '@org/tls-crypto/der';
import { maxGeneralNames, readGeneralName, type GeneralName } from '../names/general-name.ts';
import { isHostName } from '../names/reference-name.ts';

/** The extension nameConstraints (RFC 5280 §4.2.1.10). A list that is absent is `undefined`. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

export function readNameConstraints(reader: DerReader): NameConstraints {
  const sequence = reader.sequence();
  const permitted = readSubtrees(sequence, 0);
  const excluded = readSubtrees(sequence, 1);
  sequence.end();
  // The sequence must not be empty (RFC 5280 §4.2.1.10).
  if (permitted.length + excluded.length === 0) throw reader.fault('nameConstraints that constrain nothing');
  return { permitted, excluded };
}

function readSubtrees(sequence: DerReader, tag: number): readonly GeneralName[] {
  const subtrees = sequence.enterOptional(contextTag(tag, true));
  if (subtrees === undefined) return [];
  return subtrees.list(maxGeneralNames, () => {
    const subtree = subtrees.sequence();
    const base = readBase(subtree);
    // The minimum must be 0, which DER does not write, and the maximum must be absent (RFC 5280 §4.2.1.10).
    subtree.end();
    checkBase(subtree, base);
    return base;
  });
}

/** Reads the base of a subtree. Unlike a dNSName, a dNSName constraint may be empty, and then every name lies in it. */
function readBase(subtree: DerReader): GeneralName {
  if (subtree.peek() !== contextTag(2, false)) return readGeneralName(subtree);
  const { raw, contents } = subtree.any();
  return contents.length === 0 ? { kind: 'dns', name: '' } : readGeneralName(subtree.within(raw));
}

function checkBase(reader: DerReader, base: GeneralName): void {
  if (base.kind === 'dns' && base.name !== '' && !isHostName(base.name)) {
    throw reader.fault(`a dNSName constraint that is no domain name: ${base.name}`);
  }
  if (base.kind === 'ip' && !isAddressAndMask(base.address))
    throw reader.fault('an iPAddress constraint that is no address and mask');
}

/** Tells whether these bytes are an address and a mask of contiguous ones (RFC 4632 §3.1). */
function isAddressAndMask(bytes: Uint8Array): boolean {
  if (bytes.length !== 8 && bytes.length !== 32) return false;
  let ended = false;
  for (const octet of bytes.subarray(bytes.length / 2)) {
    if (ended && octet !== 0) return false;
    const zeros = ~octet & 0xff;
    if ((zeros & (zeros + 1)) !== 0) return false;
    ended ||= octet !== 0xff;
  }
  return true;
}

import { contextTag, type DerReader } from '@org/tls-crypto/der';
import { isDomain } from '../names/domain.ts';
import { maxGeneralNames, readGeneralName, type GeneralName } from '../names/general-name.ts';
import { isMailbox } from '../names/mailbox.ts';

/** The extension nameConstraints (RFC 5280 §4.2.1.10). A list that is absent is `undefined`. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
  /**
   * Whether a dNSName constraint begins with a dot, which RFC 5280 has for URIs and e-mail addresses only. It then stands for the subdomains
   * alone, as in other implementations.
   */
  readonly hasLeadingDot: boolean;
}

export function readNameConstraints(reader: DerReader): NameConstraints {
  const sequence = reader.sequence();
  const permitted = readSubtrees(sequence, 0);
  const excluded = readSubtrees(sequence, 1);
  sequence.end();
  // The sequence must not be empty (RFC 5280 §4.2.1.10).
  if (permitted.length + excluded.length === 0) throw reader.fault('nameConstraints that constrain nothing');
  const hasLeadingDot = [...permitted, ...excluded].some((base) => base.kind === 'dns' && base.name.startsWith('.'));
  return { permitted, excluded, hasLeadingDot };
}

function readSubtrees(sequence: DerReader, tag: number): readonly GeneralName[] {
  const subtrees = sequence.enterOptional(contextTag(tag, true));
  if (subtrees === undefined) return [];
  return subtrees.list(maxGeneralNames, () => {
    const subtree = subtrees.sequence();
    const base = readGeneralName(subtree);
    // The minimum must be 0, which DER does not write, and the maximum must be absent (RFC 5280 §4.2.1.10).
    subtree.end();
    checkBase(subtree, base);
    return base;
  });
}

function checkBase(reader: DerReader, base: GeneralName): void {
  switch (base.kind) {
    case 'dns':
      // An empty one stands for every name.
      if (base.name !== '' && !isDomain(base.name))
        throw reader.fault(`a dNSName constraint that is no domain name: ${base.name}`);
      return;
    case 'email':
      if (!isDomain(base.name) && !isMailbox(base.name))
        throw reader.fault(`an rfc822Name constraint that is neither a domain name nor a mailbox: ${base.name}`);
      return;
    case 'uri':
      if (!isDomain(base.name))
        throw reader.fault(`a uniformResourceIdentifier constraint that is no domain name: ${base.name}`);
      return;
    case 'ip':
      if (!isAddressAndMask(base.address)) throw reader.fault('an iPAddress constraint that is no address and mask');
      return;
    default:
  }
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

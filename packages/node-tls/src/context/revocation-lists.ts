import { verify } from 'node:crypto';
import { KeyUsageBit, subjectKey, type Certificate } from '@org/x509';
import { elementIn, oidHex, readBer, type BerElement } from './ber-element.ts';
import { allowsKeyUse, byNode } from './chain-certificate.ts';
import type { ChainFault } from './verify-error.ts';

/** A list of revoked certificates, as far as OpenSSL looks at one that is complete and direct. */
export interface RevocationList {
  /** Name, DER. */
  readonly issuer: Uint8Array;
  /** Milliseconds since the epoch; `nextUpdate` is infinite where the list has none. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Serial numbers in hexadecimal. */
  readonly revoked: ReadonlySet<string>;
  readonly isSignedWith: (issuer: Certificate) => boolean;
  /** True where the list or an entry has a critical extension that OpenSSL does not know. */
  readonly hasUnknownCritical: boolean;
  /** Whether certificates of CAs, and those of others, are in the list when they are revoked (RFC 5280 §5.2.5). */
  readonly covers: { readonly authorities: boolean; readonly others: boolean };
}

const Tag = {
  boolean: 0x01,
  integer: 0x02,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  extensions: 0xa0,
} as const;

/** The hashes of the signature algorithms (RFC 5758, RFC 4055), by their object identifiers in hexadecimal; `null`: none of its own. */
const hashes: Readonly<Record<string, string | null>> = {
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': null,
};

/**
 * Reads a list that Node has read before. It takes lists that our own verifier refuses for their form: those without a number, as many
 * tools write them.
 * @throws Error when it is no CertificateList (RFC 5280 §5.1)
 */
export function readRevocationList(der: Buffer): RevocationList {
  const list = readBer(der);
  const tbs = elementIn(list, 0);
  const fields = tbs.children[0]?.tag === Tag.integer ? tbs.children.slice(1) : tbs.children;
  const [, issuer, thisUpdate, ...rest] = fields;
  if (issuer === undefined || thisUpdate === undefined) throw new Error('crl: no CertificateList');
  const nextUpdate = rest[0] !== undefined && isTime(rest[0]) ? rest[0] : undefined;
  const entries = rest.find(({ tag }) => tag === Tag.sequence)?.children ?? [];
  const extensions = rest.find(({ tag }) => tag === Tag.extensions)?.children[0]?.children ?? [];
  const algorithm = oidHex(elementIn(list, 1, 0));
  const signature = elementIn(list, 2).contents.subarray(1);
  return {
    issuer: issuer.raw,
    thisUpdate: timeOf(thisUpdate),
    nextUpdate: nextUpdate === undefined ? Number.POSITIVE_INFINITY : timeOf(nextUpdate),
    revoked: new Set(entries.map((entry) => elementIn(entry, 0).contents.toString('hex'))),
    isSignedWith: (by) => {
      const hash = hashes[algorithm];
      return hash !== undefined && verify(hash, tbs.raw, byNode(by).publicKey, signature);
    },
    hasUnknownCritical:
      hasCriticalBeside(extensions, knownInLists) ||
      entries.some(({ children }) => hasCriticalBeside(children[2]?.children ?? [], knownInEntries)),
    covers: coverage(extensions),
  };
}

const issuingDistributionPoint = '551d1c';
/** deltaCRLIndicator, issuingDistributionPoint and authorityKeyIdentifier, which OpenSSL takes as critical. */
const knownInLists: ReadonlySet<string> = new Set(['551d1b', issuingDistributionPoint, '551d23']);
/** certificateIssuer. */
const knownInEntries: ReadonlySet<string> = new Set(['551d1d']);

function hasCriticalBeside(extensions: readonly BerElement[], known: ReadonlySet<string>): boolean {
  return extensions.some(({ children: [oid, critical] }) => {
    const isCritical = critical?.tag === Tag.boolean && critical.contents[0] !== 0;
    return isCritical && (oid === undefined || !known.has(oidHex(oid)));
  });
}

/** The fields of issuingDistributionPoint that leave certificates out; any other one makes a list that is not used, as in OpenSSL. */
const Only = { others: 0x81, authorities: 0x82 } as const;

function coverage(extensions: readonly BerElement[]): RevocationList['covers'] {
  const extension = extensions.find(
    ({ children: [oid] }) => oid !== undefined && oidHex(oid) === issuingDistributionPoint,
  );
  const value = extension?.children.at(-1);
  if (value === undefined) return { authorities: true, others: true };
  const fields = readBer(value.contents).children.map(({ tag }) => tag);
  if (fields.length !== 1) return { authorities: false, others: false };
  return { authorities: fields.includes(Only.authorities), others: fields.includes(Only.others) };
}

function isTime({ tag }: BerElement): boolean {
  return tag === Tag.utcTime || tag === Tag.generalizedTime;
}

/** Reads a time of RFC 5280 §5.1.2.4; 50 to 99 are years of the last century. */
function timeOf({ tag, contents }: BerElement): number {
  const text = contents.toString('latin1');
  const century = tag === Tag.generalizedTime ? '' : Number(text.slice(0, 2)) < 50 ? '20' : '19';
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/u.exec(century + text) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** What certificates are looked up in. */
export interface RevocationSearch {
  readonly lists: readonly RevocationList[];
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** True: the path is good otherwise. Else its keys are not used, and it is refused in any case. */
  readonly isVouchedFor: boolean;
}

/** Looks up each certificate of a path, the root too, as Node asks OpenSSL to. */
export function* revocationFaults(
  path: readonly Certificate[],
  { lists, time, isVouchedFor }: RevocationSearch,
): Generator<ChainFault> {
  for (const [index, certificate] of path.entries()) {
    const issuer = path[index + 1] ?? certificate;
    const kind = certificate.basicConstraints?.cA === true ? 'authorities' : 'others';
    const ofIssuer = lists
      .filter((each) => each.covers[kind] && subjectKey(each.issuer) === subjectKey(certificate.issuer.der))
      .toSorted((one, other) => other.thisUpdate - one.thisUpdate);
    const list = ofIssuer.find(({ thisUpdate, nextUpdate }) => thisUpdate <= time && time < nextUpdate) ?? ofIssuer[0];
    if (list === undefined) {
      yield 'unableToGetCrl';
      continue;
    }
    if (!allowsKeyUse(issuer, KeyUsageBit.cRLSign)) yield 'noCrlSign';
    // a time that cannot be read is NaN, and lies on no side
    if (!(list.thisUpdate <= time)) yield 'crlNotYetValid';
    if (!(time < list.nextUpdate)) yield 'crlExpired';
    if (isVouchedFor && !list.isSignedWith(issuer)) yield 'crlSignature';
    if (list.hasUnknownCritical) yield 'criticalCrlExtension';
    if (list.revoked.has(Buffer.from(certificate.serialNumber).toString('hex'))) yield 'revoked';
  }
}

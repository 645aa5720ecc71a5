import { equalBytes } from '@org/tls-core/backend';
import { contextTag, DerReader, DerTag, type DerErrorCode, Oid } from '@org/tls-crypto/der';
import { readName, type DistinguishedName } from './names/distinguished-name.ts';
import { readSignatureAlgorithm, type CertificateSignatureAlgorithm } from '@org/tls-crypto/keys';
import { readTime } from '@org/tls-crypto/der';
import { eachExtension } from './extensions/each-extension.ts';
import { RevokedEntries } from './revoked-entries.ts';

/** A certificate revocation list (RFC 5280 §5) that is complete and direct; every other kind is refused. */
export interface CertificateList {
  readonly issuer: DistinguishedName;
  /** The bytes that the signature is over: TBSCertList in DER. */
  readonly tbsCertificate: Uint8Array;
  readonly signatureAlgorithm: CertificateSignatureAlgorithm;
  readonly signature: Uint8Array;
  /** When the list was made, in milliseconds since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly scope: ListScope;
  /** The cRLNumber (RFC 5280 §5.2.3), positive and big-endian; `undefined`: the list has none. */
  readonly crlNumber: Uint8Array | undefined;
  /** The values of the extensions that tell one series of an issuer's lists from another: authorityKeyIdentifier, issuingDistributionPoint. */
  readonly series: readonly Uint8Array[];
  /** @param serialNumber in two's complement, big-endian */
  revokes(serialNumber: Uint8Array): boolean;
}

/** Which of the issuer's certificates a list is about (RFC 5280 §5.2.5). */
export interface ListScope {
  readonly certificates: 'all' | 'users' | 'cas' | 'attributes';
  /** Whether the list names revocations for some reasons only: what is revoked for another reason stands on another list. */
  readonly hasSomeReasonsOnly: boolean;
  /** The GeneralNames in DER: the list is about those certificates that name one of them. With `undefined` it is about all. */
  readonly distributionPoints: readonly Uint8Array[] | undefined;
}

/** The longest list that is read, in bytes. One with an entry for each of a CA's certificates is far longer than a certificate. */
const maxLength = 2 ** 24;

/**
 * Reads a CRL.
 * @throws TlsError `code` when it is not strict DER, over 16 MiB, has no nextUpdate, is a delta or an indirect one, is of version 1 and has
 *   extensions, or has a critical extension that is not known
 */
export function parseCertificateList(der: Uint8Array, code: DerErrorCode): CertificateList {
  const input = new DerReader(der, 'CertificateList', code, maxLength);
  const list = input.sequence();
  input.end();
  const tbs = list.element(DerTag.sequence);
  const outerAlgorithm = list.element(DerTag.sequence);
  const signature = list.bitStringOctets();
  list.end();

  const outer = new DerReader(tbs.raw, 'TBSCertList', code, maxLength);
  const reader = outer.sequence();
  outer.end();
  // Version 1 is written by its absence, and has no extensions (RFC 5280 §5.1.2.1).
  const version = reader.peek() === DerTag.integer ? reader.smallInteger() + 1 : 1;
  if (version !== 1 && version !== 2) throw reader.fault(`version ${version}`);
  const innerAlgorithm = reader.element(DerTag.sequence);
  if (!equalBytes(innerAlgorithm.raw, outerAlgorithm.raw))
    throw reader.fault('inner and outer signature algorithm differ');
  const signatureAlgorithm = readSignatureAlgorithm(reader.within(innerAlgorithm.contents, 'signatureAlgorithm'));
  const issuer = readName(reader);
  if (issuer.isEmpty) throw reader.fault('an empty issuer (§5.1.2.3)');
  const thisUpdate = readTime(reader);
  if (reader.peek() !== DerTag.utcTime && reader.peek() !== DerTag.generalizedTime)
    throw reader.fault('no nextUpdate (§5.1.2.5)');
  const nextUpdate = readTime(reader);
  const revoked = reader.peek() === DerTag.sequence ? reader.element(DerTag.sequence).contents : undefined;
  const entries = revoked && new RevokedEntries(revoked, reader.within(revoked, 'revokedCertificates'));
  const tagged = reader.enterOptional(contextTag(0, true), 'crlExtensions');
  reader.end();
  if (tagged !== undefined && version === 1) throw reader.fault('extensions in version 1');
  const extensions = tagged === undefined ? noExtensions : readListExtensions(tagged.sequence());
  tagged?.end();
  return {
    issuer,
    tbsCertificate: tbs.raw,
    signatureAlgorithm,
    signature,
    thisUpdate,
    nextUpdate,
    ...extensions,
    revokes: (serialNumber) => entries?.has(serialNumber) ?? false,
  };
}

const wholeScope: ListScope = { certificates: 'all', hasSomeReasonsOnly: false, distributionPoints: undefined };

type ListExtensions = Pick<CertificateList, 'scope' | 'crlNumber' | 'series'>;

const nothing = new Uint8Array(0);
const noExtensions: ListExtensions = { scope: wholeScope, crlNumber: undefined, series: [nothing, nothing] };

function readListExtensions(extensions: DerReader): ListExtensions {
  let { scope, crlNumber } = noExtensions;
  let [keyIdentifier = nothing, point = nothing] = noExtensions.series;
  for (const { oid, isCritical, value } of eachExtension(extensions)) {
    if (oid === Oid.authorityKeyIdentifier) keyIdentifier = value;
    if (oid === Oid.deltaCrlIndicator) throw extensions.fault('a delta list (§5.2.4), which is not done');
    if (oid === Oid.issuingDistributionPoint) {
      const reader = extensions.within(value, 'issuingDistributionPoint');
      scope = readIssuingDistributionPoint(reader.sequence());
      point = value;
      reader.end();
    } else if (oid === Oid.crlNumber) {
      if (isCritical) throw extensions.fault('a critical cRLNumber (§5.2.3)');
      const reader = extensions.within(value, 'cRLNumber');
      crlNumber = reader.integer();
      if ((crlNumber[0] ?? 0) >= 0x80) throw extensions.fault('a negative cRLNumber (§5.2.3)');
      reader.end();
    } else if (isCritical) {
      throw extensions.fault(`the unknown critical extension ${oid}`);
    }
  }
  return { scope, crlNumber, series: [keyIdentifier, point] };
}

/** Reads an IssuingDistributionPoint (RFC 5280 §5.2.5). */
function readIssuingDistributionPoint(reader: DerReader): ListScope {
  const point = reader.enterOptional(contextTag(0, true));
  const distributionPoints = point === undefined ? undefined : readDistributionPointName(point);
  const isOnlyUsers = readFlag(reader, 1);
  const isOnlyCas = readFlag(reader, 2);
  const hasSomeReasonsOnly = reader.peek() === contextTag(3, false);
  if (hasSomeReasonsOnly) reader.bitString(contextTag(3, false));
  if (readFlag(reader, 4)) throw reader.fault('an indirect list, which is not done');
  const isOnlyAttributes = readFlag(reader, 5);
  reader.end();
  if (Number(isOnlyUsers) + Number(isOnlyCas) + Number(isOnlyAttributes) > 1)
    throw reader.fault('a list of only one kind, and of another');
  const certificates = isOnlyUsers ? 'users' : isOnlyCas ? 'cas' : isOnlyAttributes ? 'attributes' : 'all';
  return { certificates, hasSomeReasonsOnly, distributionPoints };
}

/** Reads an IMPLICIT BOOLEAN DEFAULT FALSE, of which DER writes only TRUE. */
function readFlag(reader: DerReader, number: number): boolean {
  if (reader.peek() !== contextTag(number, false)) return false;
  const contents = reader.contents(contextTag(number, false));
  if (contents.length !== 1 || contents[0] !== 0xff) throw reader.fault('a BOOLEAN that is not ff');
  return true;
}

/**
 * Reads a DistributionPointName (RFC 5280 §4.2.1.13) that consists of full names.
 * @throws TlsError on a name relative to the CRL's issuer, a form that nobody uses
 */
export function readDistributionPointName(reader: DerReader): readonly Uint8Array[] {
  if (reader.peek() === contextTag(1, true))
    throw reader.fault('a name relative to the list’s issuer, which is not read');
  const names = reader.enter(contextTag(0, true));
  reader.end();
  const found: Uint8Array[] = [];
  do found.push(names.any().raw);
  while (!names.isAtEnd);
  return found;
}

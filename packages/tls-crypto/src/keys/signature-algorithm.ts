import type { HashAlgorithm, SignatureAlgorithm } from '../provider.ts';
import { contextTag, DerTag, type DerReader } from '../der/der-reader.ts';
import { Oid } from '../der/object-identifier.ts';

/** A certificate's AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export interface CertificateSignatureAlgorithm {
  readonly oid: string;
  /** The algorithm; `undefined` where it is not accepted, as any with SHA-1. */
  readonly algorithm: SignatureAlgorithm | undefined;
  /** Whether there are parameters, always NULL, where the algorithm's RFC says that they must be absent (RFC 5758 §3.2). */
  readonly hasNeedlessNull: boolean;
}

/** How the parameters may be: absent, and NULL where `optional` says so, or where an old and widespread mistake has it. */
type Parameters = 'absent' | 'mistaken' | 'optional';

const simple: Readonly<Record<string, { readonly algorithm: SignatureAlgorithm; readonly parameters: Parameters }>> = {
  [Oid.ecdsaWithSha256]: { algorithm: { type: 'ecdsa', hash: 'sha256' }, parameters: 'mistaken' },
  [Oid.ecdsaWithSha384]: { algorithm: { type: 'ecdsa', hash: 'sha384' }, parameters: 'mistaken' },
  [Oid.ecdsaWithSha512]: { algorithm: { type: 'ecdsa', hash: 'sha512' }, parameters: 'mistaken' },
  [Oid.ed25519]: { algorithm: { type: 'ed25519' }, parameters: 'absent' },
  [Oid.mlDsa44]: { algorithm: { type: 'ml-dsa-44' }, parameters: 'absent' },
  [Oid.mlDsa65]: { algorithm: { type: 'ml-dsa-65' }, parameters: 'absent' },
  [Oid.mlDsa87]: { algorithm: { type: 'ml-dsa-87' }, parameters: 'absent' },
  [Oid.sha256WithRsaEncryption]: { algorithm: { type: 'rsa-pkcs1', hash: 'sha256' }, parameters: 'optional' },
  [Oid.sha384WithRsaEncryption]: { algorithm: { type: 'rsa-pkcs1', hash: 'sha384' }, parameters: 'optional' },
  [Oid.sha512WithRsaEncryption]: { algorithm: { type: 'rsa-pkcs1', hash: 'sha512' }, parameters: 'optional' },
};

const hashes: Readonly<Record<string, HashAlgorithm>> = {
  [Oid.sha256]: 'sha256',
  [Oid.sha384]: 'sha384',
  [Oid.sha512]: 'sha512',
};
const saltLengths: Readonly<Record<HashAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/**
 * Reads the contents of an AlgorithmIdentifier.
 * @throws TlsError when the parameters of a known algorithm are not what its RFC says (RFC 5758 §3.2, RFC 8410 §3, RFC 4055 §5)
 */
export function readSignatureAlgorithm(reader: DerReader): CertificateSignatureAlgorithm {
  const oid = reader.objectIdentifier();
  if (oid === Oid.rsassaPss) {
    const algorithm = reader.isAtEnd ? undefined : readPssParameters(reader);
    reader.end();
    return { oid, algorithm, hasNeedlessNull: false };
  }
  const row = simple[oid];
  if (row === undefined) {
    if (!reader.isAtEnd) reader.any();
    reader.end();
    return { oid, algorithm: undefined, hasNeedlessNull: false };
  }
  // For PKCS #1 v1.5, parameters that are NULL and parameters that are absent must both be accepted (RFC 4055 §5).
  const hasNull = row.parameters !== 'absent' && !reader.isAtEnd;
  if (hasNull) reader.null();
  reader.end();
  return { oid, algorithm: row.algorithm, hasNeedlessNull: hasNull && row.parameters === 'mistaken' };
}

/**
 * Reads RSASSA-PSS-params (RFC 4055 §3.1).
 * @returns `undefined` for what TLS 1.3 has no scheme for (RFC 8446 §4.2.3): another hash, another hash of the MGF, another salt length
 */
export function readPssParameters(reader: DerReader): SignatureAlgorithm | undefined {
  const parameters = reader.sequence('RSASSA-PSS-params');
  const hash = readTaggedHash(parameters, 0);
  const mask = parameters.enterOptional(contextTag(1, true));
  let maskHash: HashAlgorithm | undefined;
  if (mask !== undefined) {
    const identifier = mask.sequence();
    mask.end();
    if (identifier.objectIdentifier() !== Oid.mgf1)
      throw parameters.fault('a mask generation function other than MGF1');
    maskHash = readHash(identifier.sequence());
    identifier.end();
  }
  const salt = parameters.enterOptional(contextTag(2, true));
  const saltLength = salt?.smallInteger() ?? 20;
  salt?.end();
  const trailer = parameters.enterOptional(contextTag(3, true));
  if (trailer !== undefined) {
    if (trailer.smallInteger() !== 1) throw parameters.fault('a trailer field other than 1');
    trailer.end();
  }
  parameters.end();
  if (hash === undefined || hash !== maskHash || saltLength !== saltLengths[hash]) return undefined;
  return { type: 'rsa-pss', hash };
}

function readTaggedHash(parameters: DerReader, tag: number): HashAlgorithm | undefined {
  const tagged = parameters.enterOptional(contextTag(tag, true));
  if (tagged === undefined) return undefined; // the default is SHA-1
  const hash = readHash(tagged.sequence());
  tagged.end();
  return hash;
}

function readHash(identifier: DerReader): HashAlgorithm | undefined {
  const oid = identifier.objectIdentifier();
  // The parameters may be NULL or absent, and both must be accepted (RFC 4055 §2.1).
  if (identifier.peek() === DerTag.null) identifier.null();
  identifier.end();
  return hashes[oid];
}

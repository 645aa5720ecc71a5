import { TlsError, type Revocation, type Staple } from '@org/tls-core';
import { decodePem, looksLikePem, copyBytes, equalBytes, revocationDefaults } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { parseCertificateList, type CertificateList } from './certificate-list.ts';
import type { Certificate } from './certificate.ts';
import { sameName } from './names/distinguished-name.ts';
import { faultOfSigner, type ListSigners } from './list-signer.ts';
import { ocspStatus, type VerifySigned } from './ocsp.ts';
import { statusRequestFeature } from './extensions/tls-features.ts';
import { reject, type Rejection } from './rejection.ts';

/** The certificate revocation lists of a configuration, and what to do with them. */
export interface RevocationRules {
  readonly lists: readonly CertificateList[];
  readonly depth: 'leaf' | 'chain';
  readonly unknownStatus: 'accept' | 'reject';
}

/**
 * Reads a configuration's lists.
 * @throws TlsError `ERR_TLS_CONFIG` on a list that cannot be used, and when there is no list
 */
export function readRevocation({
  crls,
  depth = revocationDefaults.depth,
  unknownStatus = revocationDefaults.unknownStatus,
}: Revocation): RevocationRules {
  return { lists: crls.flatMap(listsIn), depth, unknownStatus };
}

function listsIn(source: string | Uint8Array): readonly CertificateList[] {
  if (source instanceof Uint8Array) return [listFrom(copyBytes(source))];
  const blocks = looksLikePem(source) ? decodePem(source, 'revocation') : [];
  // RFC 7468 §6 gives this label to a CRL.
  const lists = blocks.filter(({ label }) => label === 'X509 CRL');
  if (lists.length === 0) throw unusable('PEM text without a block X509 CRL');
  return lists.map(({ der }) => listFrom(der));
}

function listFrom(der: Uint8Array): CertificateList {
  try {
    return parseCertificateList(der, 'ERR_TLS_CERTIFICATE_BAD');
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : String(error), error);
  }
}

function unusable(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `revocation: a list cannot be used: ${message}`, {
    option: 'revocation',
    cause,
  });
}

/** What is at hand to find out whether a path's certificates are revoked. */
export interface RevocationSources {
  readonly rules: RevocationRules | undefined;
  readonly staple: Staple | undefined;
  /** The time of the check, in milliseconds since the epoch. */
  readonly time: number;
  readonly crypto: CryptoProvider;
  /** The certificates that the peer sent along, by their subject. */
  readonly presented: (subject: Uint8Array) => readonly Certificate[];
}

/**
 * Checks whether the certificates of a path, without its anchor, are revoked (RFC 5280 §6.3.3). A stapled response says something about the
 * leaf alone.
 * @param path leaf first, anchor last
 */
export function* checkRevocation<Step>(
  path: readonly Certificate[],
  { rules, staple, time, crypto, presented }: RevocationSources,
  verify: VerifySigned<Step>,
): Generator<Step, Rejection | undefined, unknown> {
  const [leaf, leafIssuer] = path;
  if (leaf === undefined || leafIssuer === undefined) return undefined;
  const der = staple?.ocspResponse;
  const subject = { certificate: leaf, issuer: leafIssuer };
  const stapled = der === undefined ? undefined : yield* ocspStatus(der, subject, { time, crypto, verify });
  if (stapled === 'revoked') return reject('revoked', 'the certificate is revoked, as the peer itself shows');
  // The client asked for a status, and the certificate binds the peer to answer (RFC 7633 §4.2.3.1).
  if (staple !== undefined && stapled !== 'good' && leaf.tlsFeatures?.includes(statusRequestFeature) === true)
    return reject('mustStaple', 'the certificate wants an OCSP response with it, and none came that is good');
  if (rules === undefined) return undefined;
  const { lists, depth, unknownStatus } = rules;
  const last = depth === 'leaf' ? 1 : path.length - 1;
  for (const [index, certificate] of path.slice(0, last).entries()) {
    const signers = { above: path.slice(index + 1), presented, time, verify };
    const status = yield* statusOf(certificate, lists, signers);
    if (status === 'revoked') return reject('revoked', 'a certificate of the chain is revoked');
    if (index === 0 && stapled === 'good') continue;
    if (status !== 'good' && unknownStatus === 'reject')
      return reject('unknownStatus', `whether a certificate is revoked is not known: ${status.unknown}`);
  }
  return undefined;
}

type Status = 'good' | 'revoked' | { readonly unknown: string };

function* statusOf<Step>(
  certificate: Certificate,
  lists: readonly CertificateList[],
  signers: ListSigners<Step>,
): Generator<Step, Status, unknown> {
  let status: Status = { unknown: 'there is no list of its issuer' };
  for (const list of lists) {
    if (!sameName(list.issuer, certificate.issuer) || !isInScope(certificate, list)) continue;
    const fault = staleness(list, signers.time) ?? (yield* faultOfSigner(list, signers));
    if (fault !== undefined) {
      if (status !== 'good') status = { unknown: fault };
    } else if (list.revokes(certificate.serialNumber)) {
      return 'revoked';
    } else if (!list.scope.hasSomeReasonsOnly) {
      status = 'good'; // a further list may still revoke it
    }
  }
  return status;
}

/** Tells whether the list is about this certificate (RFC 5280 §6.3.3 (b)(2)). */
function isInScope({ basicConstraints, crlDistributionPoints = [] }: Certificate, { scope }: CertificateList): boolean {
  const isCa = basicConstraints?.cA === true;
  if (scope.certificates === 'attributes' || (isCa ? scope.certificates === 'users' : scope.certificates === 'cas'))
    return false;
  const { distributionPoints } = scope;
  return (
    distributionPoints === undefined ||
    distributionPoints.some((point) => crlDistributionPoints.some((other) => equalBytes(point, other)))
  );
}

function staleness({ thisUpdate, nextUpdate }: CertificateList, time: number): string | undefined {
  if (time < thisUpdate) return 'its issuer’s list is from the future';
  return time >= nextUpdate ? 'its issuer’s list is out of date' : undefined;
}

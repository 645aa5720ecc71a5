import type { Staple } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import type { CertificateList } from './certificate-list.ts';
import type { Certificate } from './certificate.ts';
import { sameName } from './names/distinguished-name.ts';
import { faultOfSigner, type ListSigners } from './list-signer.ts';
import { ocspStatus, type VerifySigned } from './ocsp.ts';
import { statusRequestFeature } from './extensions/tls-features.ts';
import { reject, type Rejection } from './rejection.ts';
import type { RevocationRules } from './revocation-rules.ts';

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
  const { depth, unknownStatus } = rules;
  const last = depth === 'leaf' ? 1 : path.length - 1;
  for (const [index, certificate] of path.slice(0, last).entries()) {
    const signers = { above: path.slice(index + 1), presented, time, verify };
    const status = yield* statusByLists(certificate, rules.listsOf(certificate.issuer), signers);
    if (status === 'revoked') return reject('revoked', 'a certificate of the chain is revoked');
    if (index === 0 && stapled === 'good') continue;
    if (status !== 'good' && unknownStatus === 'reject')
      return reject('unknownStatus', `whether a certificate is revoked is not known: ${status.unknown}`);
  }
  return undefined;
}

/** What lists say of a certificate; `unknown` has the reason in words. */
export type ListedStatus = 'good' | 'revoked' | { readonly unknown: string };

/** Looks a certificate up in lists (RFC 5280 §6.3.3), of which those of other issuers say nothing. */
export function* statusByLists<Step>(
  certificate: Certificate,
  lists: readonly CertificateList[],
  signers: ListSigners<Step>,
): Generator<Step, ListedStatus, unknown> {
  let status: ListedStatus = { unknown: 'there is no list of its issuer' };
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

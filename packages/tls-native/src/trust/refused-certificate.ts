import type { TlsError } from '@org/tls-core';
import { certificateError, equalBytes, otherNameText, type CertificateFault } from '@org/tls-core/backend';
import type { NativeFault } from '../border/addon.ts';
import { detailsOf } from '../border/faults.ts';
import { readNames, type CertificateNames } from './certificate-names.ts';

/** A fault that is about a certificate of the peer. */
export interface CertificateRefusal extends NativeFault {
  readonly nodeCode: string;
  readonly certificateFault: CertificateFault;
}

export function isCertificateRefusal(fault: NativeFault): fault is CertificateRefusal {
  return fault.nodeCode !== undefined && fault.certificateFault !== undefined && fault.receivedAlert === undefined;
}

/**
 * Makes the error for a chain that the library has refused, in the words that every verifier uses.
 * @param chain the peer's certificates, leaf first
 * @param wanted the name or address that the leaf had to prove; `undefined`: none
 */
export function refusedCertificate(
  refusal: CertificateRefusal,
  chain: readonly Uint8Array[],
  wanted: string | undefined,
): TlsError {
  const { code, detail, nodeCode } = refusal;
  const fault = faultOf(refusal, chain);
  const isOtherName = fault === 'hostName' && wanted !== undefined;
  const reason = isOtherName ? otherNameText(wanted, readNames(chain[0])?.names ?? []) : detail;
  const rejectedPaths = [{ path: chain, code, reason }];
  return certificateError(fault, reason, { ...detailsOf(refusal), chain, rejectedPaths, nodeCode });
}

/** How many certificates are looked at to say what is missing: more is not what an honest peer sends. */
const mostLookedAt = 64;

/** Libraries do not say which certificate is missing: what came tells it. */
function faultOf({ code, certificateFault }: CertificateRefusal, chain: readonly Uint8Array[]): CertificateFault {
  if (code !== 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER') return certificateFault;
  const [leaf, ...others] = chain.slice(0, mostLookedAt).map(readNames);
  if (leaf === undefined) return certificateFault;
  const last = lastOf(leaf, others);
  if (isSelfIssued(last)) return last === leaf ? 'selfSignedLeaf' : 'selfSignedRoot';
  if (last !== leaf) return 'unknownIssuer';
  const [first] = others;
  if (others.length === 0) return 'missingIntermediate';
  return first !== undefined && isSelfIssued(first) ? 'rootInstead' : 'wrongIntermediate';
}

/** Goes from issuer to issuer as far as the names lead. */
function lastOf(leaf: CertificateNames, others: readonly (CertificateNames | undefined)[]): CertificateNames {
  const left = new Set(others);
  let last = leaf;
  while (!isSelfIssued(last)) {
    const { issuer } = last;
    const next = [...left].find((each) => each !== undefined && equalBytes(each.subject, issuer));
    if (next === undefined) break;
    left.delete(next);
    last = next;
  }
  return last;
}

function isSelfIssued({ issuer, subject }: CertificateNames): boolean {
  return equalBytes(issuer, subject);
}

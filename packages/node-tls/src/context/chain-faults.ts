import { bitLength } from '@org/tls-crypto';
import { KeyUsageBit, type Certificate } from '@org/x509';
import type { BuiltChain } from './chain-building.ts';
import { allowsKeyUse, isAuthority, isSelfSigned, isSignedBy, validityFault } from './chain-certificate.ts';
import { revocationFaults, type RevocationList } from './revocation-lists.ts';
import type { CertificateStore } from './certificate-store.ts';
import { commonNameFaults } from './common-name-constraints.ts';
import { netscapeCertificateType, NetscapeTypeBit } from './netscape-certificate-type.ts';
import type { ChainFault } from './verify-error.ts';

/** By what a built chain is judged. */
export interface ChainRules {
  /** What the leaf is shown as. */
  readonly purpose: 'server' | 'client';
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Empty: nobody asks whether a certificate was revoked. */
  readonly revocationLists: readonly RevocationList[];
  readonly store: CertificateStore;
}

/**
 * Judges a chain by the rules and in the order of OpenSSL's `X509_verify_cert`. Node lets OpenSSL go on after a fault, and so it is the last
 * one that counts.
 */
export function chainFault(chain: BuiltChain, rules: ChainRules): ChainFault | undefined {
  const { path } = chain;
  const { revocationLists: lists, time } = rules;
  const ofForm: readonly ChainFault[] = [
    ...(weakLeafKey(path[0]) ? ['weakLeafKey' as const] : []),
    ...(chain.fault === undefined ? [] : [chain.fault]),
    ...extensionFaults(path, rules.purpose),
    ...weaknesses(path),
  ];
  const ofKeys = [...signatureFaults(chain, rules, ofForm.length === 0)];
  const isVouchedFor = ofForm.length + ofKeys.length === 0;
  const ofLists = lists.length > 0 ? revocationFaults(path, { lists, time, isVouchedFor }) : [];
  return [...ofForm, ...ofLists, ...ofKeys, ...commonNameFaults(path)].at(-1);
}

/**
 * Says what OpenSSL has against a path that our own verifier has proven: a CA's certificate for any purpose, a purpose in the old form of
 * Netscape, and a common name that a CA must not vouch for.
 */
export function provenPathFault(
  path: readonly Certificate[],
  { purpose }: Pick<ChainRules, 'purpose'>,
): ChainFault | undefined {
  return [...extensionFaults(path, purpose), ...commonNameFaults(path)].at(-1);
}

const oid = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const;
const keyEncipherment = 2;
const { digitalSignature, keyAgreement, keyCertSign } = KeyUsageBit;

function* extensionFaults(path: readonly Certificate[], purpose: 'server' | 'client'): Generator<ChainFault> {
  let authoritiesBelow = 0;
  for (const [index, certificate] of path.entries()) {
    if (certificate.unknownCritical.length > 0) yield 'criticalExtension';
    // below the top, keyCertSign alone makes no CA
    const isBetween = index > 0 && index < path.length - 1;
    if (isBetween && certificate.basicConstraints?.cA !== true) yield 'invalidCa';
    if (!isForPurpose(certificate, purpose, index === 0)) yield 'purpose';
    const limit = certificate.basicConstraints?.pathLenConstraint;
    if (index > 0 && limit !== undefined && authoritiesBelow > limit) yield 'pathLength';
    if (index > 0 && !certificate.isSelfIssued) authoritiesBelow += 1;
  }
}

function isForPurpose(certificate: Certificate, purpose: 'server' | 'client', isLeaf: boolean): boolean {
  const wanted = purpose === 'server' ? oid.serverAuth : oid.clientAuth;
  if (certificate.extendedKeyUsage?.has(wanted) === false) return false;
  // OpenSSL says of who is no CA that it is none, and then that it is not fit for the purpose, which is what Node hears
  if (!isLeaf) return isAuthority(certificate);
  const type = netscapeCertificateType(certificate);
  if (type !== undefined && (type & NetscapeTypeBit[purpose]) === 0) return false;
  return purpose === 'server'
    ? allowsKeyUse(certificate, digitalSignature, keyEncipherment, keyAgreement)
    : allowsKeyUse(certificate, digitalSignature, keyAgreement);
}

const minRsaBits = 2048;

function isWeak({ publicKey }: Certificate): boolean {
  const isRsa = publicKey.type === 'rsa' || publicKey.type === 'rsa-pss';
  return isRsa && bitLength(publicKey.modulus) < minRsaBits;
}

function weakLeafKey(leaf: Certificate | undefined): boolean {
  return leaf !== undefined && isWeak(leaf);
}

/** OpenSSL's security level 2, which our own verifier does not go below either. */
function* weaknesses(path: readonly Certificate[]): Generator<ChainFault> {
  for (const [index, certificate] of path.entries()) {
    if (index > 0 && isWeak(certificate)) yield 'weakCaKey';
    const isLast = index === path.length - 1;
    if (certificate.signatureAlgorithm.algorithm === undefined && !(isLast && isSelfSigned(certificate)))
      yield 'weakDigest';
  }
}

/**
 * Verifies signatures from the top down, and looks at each certificate's time behind its signature. Once there is a fault, no further key is
 * used, although OpenSSL uses them: a peer that nobody vouches for is not to choose what is computed (decision 23).
 */
function* signatureFaults(
  { path }: BuiltChain,
  { time, store }: ChainRules,
  hasGoodForm: boolean,
): Generator<ChainFault> {
  let at = path.length - 1;
  let issuer = path[at];
  if (issuer === undefined) return;
  let isVouchedFor = hasGoodForm;
  let isOwnIssuer = true;
  if (!isSelfSigned(issuer) && !store.allowsPartialChain) {
    if (at === 0) yield 'unableToVerifyLeaf';
    else at -= 1;
    isOwnIssuer = at === path.length - 1;
  }
  for (; at >= 0; at -= 1) {
    const subject = path[at];
    if (subject === undefined) return;
    if (!isOwnIssuer) {
      if (!allowsKeyUse(issuer, keyCertSign)) yield 'noCertSign';
      if (isVouchedFor && !isSignedBy(subject, issuer)) {
        isVouchedFor = false;
        yield 'signature';
      }
    }
    const late = validityFault(subject, time);
    if (late !== undefined) yield late;
    isOwnIssuer = false;
    issuer = subject;
  }
}

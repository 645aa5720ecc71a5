import { isTlsError, type MaybePromise, type PresentedChain, type TlsError, type VerifiedChain } from '@org/tls-core';
import { andThen, equalBytes, otherNameText, type PinDigests } from '@org/tls-core/backend';
import { defaultCrypto, type CryptoProvider } from '@org/tls-crypto';
import { cachedCertificate } from './certificate-cache.ts';
import { checkIssuedLeaf, checkLeaf } from './certificate-checks.ts';
import { checkPathForm, type ProfileRequirements } from './certificate-profile.ts';
import type { Certificate } from './certificate.ts';
import { matchesAny, namesAsText, parseReferenceName, type ReferenceName } from './names/reference-name.ts';
import { PathSearch, runSearch, type Search } from './path-builder.ts';
import { codeOf, isMoreUseful, reject, rejectionError, type Rejection } from './rejection.ts';
import { checkPins } from './pins.ts';
import { shown } from './proven-chains.ts';
import { PresentedIssuers } from './presented-issuers.ts';
import type { RevocationRules } from './revocation-rules.ts';
import type { TrustAnchors } from './trust-anchor-set.ts';
import { defaultLimits } from './work-budget.ts';

export type { TrustAnchors } from './trust-anchor-set.ts';

/** The rules by which a chain is judged. */
export interface VerifyChainOptions extends ProfileRequirements, Omit<PresentedChain, 'staple'> {
  /** The anchors, made by `anchorsFrom`. */
  readonly anchors: TrustAnchors;
  /** What the leaf must be allowed to be (RFC 5280 §4.2.1.12). */
  readonly purpose: 'server' | 'client';
  /** Default: node:crypto where there is Node (or Bun or Deno), else noble. */
  readonly crypto?: CryptoProvider;
  /** The lists, made by `readRevocation`. */
  readonly revocation?: RevocationRules | undefined;
  /** The pins, made by `readPins`. */
  readonly pins?: PinDigests | undefined;
  /**
   * The policies of which the path must have one, as object identifiers in dotted form (RFC 5280 §6.1.1 (c), (e)). Default: any is acceptable, also none.
   */
  readonly certificatePolicies?: readonly string[] | undefined;
  readonly staple?: PresentedChain['staple'];
  /** How many certificates are allowed between leaf and anchor. The default, 6, is also the most. */
  readonly maxIntermediates?: number;
}

/**
 * Proves that a chain leads to an anchor by RFC 5280's rules and, if asked, that it is for a name (RFC 9525). Synchronous where the crypto
 * provider is.
 * @returns the path; it is the leaf alone when that is an anchor itself
 * @throws TlsError (or rejects with) a code of the certificate family, with `certificate` filled in; `ERR_TLS_CONFIG` when `serverName` is
 *   neither a host name nor an IP address
 */
export function verifyChain(options: VerifyChainOptions): MaybePromise<VerifiedChain> {
  return proveChain({ ...options, crypto: options.crypto ?? defaultCrypto });
}

/** What a chain is judged by, with the provider, so that whoever brings one does not load another. */
export type ProofOptions = VerifyChainOptions & { readonly crypto: CryptoProvider };

/** As `verifyChain`. */
export function proveChain(options: ProofOptions): MaybePromise<VerifiedChain> {
  return andThen(provePath(options), (path) => shown(path, options.chain));
}

/** As `verifyChain`. @returns the parsed certificates of the path */
export function provePath(options: ProofOptions): MaybePromise<readonly Certificate[]> {
  return runSearch(verify(options));
}

function* verify(options: ProofOptions): Search<readonly Certificate[]> {
  const { chain, anchors, serverName, maxIntermediates = defaultLimits.intermediates } = options;
  const reference = serverName === undefined ? undefined : parseReferenceName(serverName);
  const leaf = parseLeaf(chain);
  const isTrustedItself = isAnchor(leaf, anchors);
  const leafRejection = checkLeaf(leaf, options) ?? (isTrustedItself ? undefined : checkIssuedLeaf(leaf));
  if (leafRejection !== undefined) {
    throw refusedLeaf(isStranger(leaf, anchors) && !isAboutTime(leafRejection) ? untrustedLeaf : leafRejection, chain);
  }
  if (isTrustedItself) {
    const unpinned = checkPins([leaf], options.pins, options.crypto);
    if (unpinned !== undefined) throw refusedLeaf(unpinned, chain);
    checkReferenceName(leaf, reference, chain);
    const misshapen = checkPathForm([leaf], options);
    if (misshapen !== undefined) throw refusedLeaf(misshapen, chain);
    return [leaf];
  }
  if (chain.length - 1 > defaultLimits.presented)
    throw refusedLeaf(reject('budget', `${chain.length} certificates were presented`), chain);
  const presented = new PresentedIssuers(chain.slice(1));
  const search = new PathSearch({
    ...options,
    presented,
    maxIntermediates: Math.min(maxIntermediates, defaultLimits.intermediates),
  });
  const path = yield* search.find(leaf);
  if (path === undefined) {
    const rejection = withLeftOut(mostUseful(search, presented.unreadable), anchors);
    // A wrong name matters more than a wrong form, and is looked at behind everything else of a path.
    if (rejection.reason === 'form') checkReferenceName(leaf, reference, chain);
    throw rejectionError(rejection, chain, Object.freeze([...search.rejectedPaths]));
  }
  checkReferenceName(leaf, reference, chain);
  return path;
}

const untrustedLeaf = reject('selfSignedLeaf', 'the certificate is self-signed and not trusted');

/** Tells whether a certificate is self-signed and nobody vouches for it, which says more than whatever else is wrong with it. */
function isStranger(leaf: Certificate, anchors: TrustAnchors): boolean {
  return leaf.isSelfIssued && anchors.findBySubject(leaf.subject.der).length === 0;
}

function isAboutTime({ reason }: Rejection): boolean {
  return reason === 'expired' || reason === 'notYetValid';
}

function refusedLeaf(rejection: Rejection, chain: readonly Uint8Array[]): TlsError {
  const rejectedPath = { path: [firstOf(chain)], code: codeOf(rejection), reason: rejection.text };
  return rejectionError(rejection, chain, [rejectedPath]);
}

function firstOf(chain: readonly Uint8Array[]): Uint8Array {
  const [first] = chain;
  if (first === undefined) throw rejectionError(reject('malformed', 'the chain is empty'), chain, []);
  return first;
}

function parseLeaf(chain: readonly Uint8Array[]): Certificate {
  try {
    return cachedCertificate(firstOf(chain));
  } catch (error) {
    if (!isTlsError(error) || error.certificate !== undefined) throw error;
    const rejection = reject(
      error.code === 'ERR_TLS_CERTIFICATE_UNSUPPORTED' ? 'algorithm' : 'malformed',
      error.message,
    );
    throw rejectionError(rejection, chain, [], error);
  }
}

function isAnchor(leaf: Certificate, anchors: TrustAnchors): boolean {
  return anchors.findBySubject(leaf.subject.der).some((anchor) => equalBytes(anchor.der, leaf.der));
}

/** Chooses the reason to report: where an issuer is unknown, a certificate that could not be read may have been that issuer. */
function mostUseful(search: PathSearch, unreadable: Rejection | undefined): Rejection {
  const best =
    search.bestRejection ?? reject('unknownIssuer', 'a certificate’s issuer is neither in the chain nor trusted');
  if (unreadable === undefined) return best;
  return isUnknownIssuer(best) || isMoreUseful(unreadable, best) ? unreadable : best;
}

/** A root that was left out of a bundle may be the one that is missing. */
function withLeftOut(rejection: Rejection, { leftOut }: TrustAnchors): Rejection {
  const [first] = leftOut;
  if (first === undefined || !isUnknownIssuer(rejection)) return rejection;
  const { reason, text } = rejection;
  return reject(
    reason,
    `${text}; ${leftOut.length} of the certificates in \`trust\` cannot be used: ${first.reason.message}`,
  );
}

function isUnknownIssuer(rejection: Rejection): boolean {
  return codeOf(rejection) === 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER';
}

function checkReferenceName(
  leaf: Certificate,
  reference: ReferenceName | undefined,
  chain: readonly Uint8Array[],
): void {
  if (reference === undefined) return;
  const names = leaf.subjectAltName ?? [];
  if (matchesAny(names, reference)) return;
  throw refusedLeaf(reject('hostName', otherNameText(reference.text, namesAsText(names))), chain);
}

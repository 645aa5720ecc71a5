import type { MaybePromise, RejectedPath, Staple } from '@org/tls-core';
import { equalBytes, settle, type PinDigests } from '@org/tls-core/backend';
import type { CryptoProvider, PublicKeyInfo } from '@org/tls-crypto';
import { isBareAnchor } from './anchor-certificate.ts';
import { checkIssuer, type PathRequirements } from './certificate-checks.ts';
import { checkPathForm } from './certificate-profile.ts';
import type { Certificate } from './certificate.ts';
import { sameName } from './names/distinguished-name.ts';
import { NameConstraintCheck } from './name-constraints.ts';
import { checkPolicies } from './certificate-policies.ts';
import { checkPins } from './pins.ts';
import type { PresentedIssuers } from './presented-issuers.ts';
import { codeOf, isMoreUseful, reject, type Rejection } from './rejection.ts';
import { checkRevocation } from './revocation.ts';
import type { RevocationRules } from './revocation-rules.ts';
import { checkSignature, isKnownSignature } from './signature-check.ts';
import type { TrustAnchors } from './trust-anchor-set.ts';
import { defaultLimits, WorkBudget } from './work-budget.ts';

/** A search that pauses only where the crypto provider answers with a Promise. */
export type Search<T> = Generator<PromiseLike<unknown>, T, unknown>;

export interface PathSearchOptions extends PathRequirements {
  readonly presented: PresentedIssuers;
  readonly anchors: TrustAnchors;
  readonly crypto: CryptoProvider;
  readonly maxIntermediates: number;
  readonly revocation?: RevocationRules | undefined;
  readonly staple?: Staple | undefined;
  readonly pins?: PinDigests | undefined;
  /** The policies of which a path must have one, as object identifiers; `undefined`: any, also none. */
  readonly certificatePolicies?: readonly string[] | undefined;
}

const maxKeptPaths = 64;

/**
 * Searches for a path from a leaf to an anchor over the presented certificates (RFC 4158). It goes by names, depth first and with
 * backtracking; where it reaches an anchor, it verifies the signatures. What was rejected on the way can be read afterwards. The search
 * never walks in a circle, and the budget bounds everything else.
 */
export class PathSearch {
  readonly #options: PathSearchOptions;
  readonly #budget = new WorkBudget();
  readonly #nameConstraints = new NameConstraintCheck(this.#budget);
  readonly #failedSignatures = new Map<Certificate, Set<PublicKeyInfo>>();
  readonly #rejectedPaths: RejectedPath[] = [];
  #best: Rejection | undefined;

  constructor(options: PathSearchOptions) {
    this.#options = options;
  }

  /** The paths that were rejected, at most 64; their bytes are views of the certificates. */
  get rejectedPaths(): readonly RejectedPath[] {
    return this.#rejectedPaths;
  }

  /** The most useful of all reasons found so far. */
  get bestRejection(): Rejection | undefined {
    return this.#best;
  }

  /** @returns the path, leaf first and anchor last, without an anchor that is no certificate; `undefined` when there is no path */
  find(leaf: Certificate): Search<readonly Certificate[] | undefined> {
    return this.#extend([leaf]);
  }

  reject(path: readonly Certificate[], rejection: Rejection): void {
    if (this.#best === undefined || isMoreUseful(rejection, this.#best)) this.#best = rejection;
    if (this.#rejectedPaths.length >= maxKeptPaths) return;
    const certificates = path.filter((each) => !isBareAnchor(each)).map(({ der }) => der);
    this.#rejectedPaths.push({ path: certificates, code: codeOf(rejection), reason: rejection.text });
  }

  *#extend(path: readonly Certificate[]): Search<readonly Certificate[] | undefined> {
    const child = path[path.length - 1];
    if (child === undefined) return undefined;
    const casBelow = path.slice(1).filter(({ isSelfIssued }) => !isSelfIssued).length;
    const anchors = byKeyIdentifier(child, this.#options.anchors.findBySubject(child.issuer.der));
    for (const anchor of anchors) {
      const whole = [...path, anchor];
      const rejection =
        checkIssuer(anchor, casBelow, this.#options, 'anchor') ??
        (yield* this.#checkSignatures(whole)) ??
        this.#nameConstraints.check(whole) ??
        checkPolicies(whole, this.#options.certificatePolicies) ??
        checkPins(whole, this.#options.pins, this.#options.crypto) ??
        (yield* this.#checkRevocation(whole)) ??
        checkPathForm(whole, this.#options);
      if (rejection === undefined) return isBareAnchor(anchor) ? path : whole;
      this.reject(whole, rejection);
      if (!this.#budget.takeStep()) return this.#giveUp(path);
    }
    const { presented } = this.#options;
    const issuers = byKeyIdentifier(
      child,
      presented
        .findBySubject(child.issuer.der)
        .filter((each) => !isInPath(each, path) && !anchors.some((anchor) => equalBytes(anchor.der, each.der))),
    );
    for (const issuer of issuers) {
      if (!this.#budget.takeStep()) return this.#giveUp(path);
      const longer = [...path, issuer];
      const rejection =
        this.#checkLength(longer, casBelow) ??
        checkIssuer(issuer, casBelow, this.#options, 'intermediate') ??
        this.#knownFault(child, issuer);
      if (rejection !== undefined) {
        this.reject(longer, rejection);
        continue;
      }
      const found = yield* this.#extend(longer);
      if (found !== undefined || this.#budget.isExhausted) return found;
    }
    if (anchors.length + issuers.length === 0) this.reject(path, this.#noIssuer(path, child));
    return undefined;
  }

  /**
   * Checks the length of a path. As with pathLenConstraint, self-issued certificates do not count against the caller's limit, but against
   * ours they do.
   */
  #checkLength(path: readonly Certificate[], casBelow: number): Rejection | undefined {
    const { maxIntermediates } = this.#options;
    const count = casBelow + (path[path.length - 1]?.isSelfIssued === true ? 0 : 1);
    return count > maxIntermediates || path.length - 1 > defaultLimits.intermediates
      ? reject('tooLong', `a chain has more than ${maxIntermediates} intermediates`)
      : undefined;
  }

  /**
   * Verifies from the anchor down: no key verifies anything before an anchor vouches for it, so that a peer that nobody trusts cannot
   * choose what is computed.
   */
  *#checkSignatures(path: readonly Certificate[]): Search<Rejection | undefined> {
    for (let above = path.length - 1; above > 0; above -= 1) {
      const [child, issuer] = path.slice(above - 1);
      if (child === undefined || issuer === undefined) return undefined;
      const rejection = this.#knownFault(child, issuer) ?? (yield* this.#checkSignature(child, issuer));
      if (rejection !== undefined) return rejection;
    }
    return undefined;
  }

  /** Finds the faults that need no computation: an algorithm that is not accepted, and a signature that was found to be wrong before. */
  #knownFault(child: Certificate, issuer: Certificate): Rejection | undefined {
    const { oid, algorithm } = child.signatureAlgorithm;
    if (algorithm === undefined)
      return reject('algorithm', `a certificate is signed with algorithm ${oid}, which is not accepted`);
    return this.#failedSignatures.get(child)?.has(issuer.publicKey) === true ? badSignature(child, issuer) : undefined;
  }

  *#checkSignature(child: Certificate, issuer: Certificate): Search<Rejection | undefined> {
    const { crypto } = this.#options;
    if (isKnownSignature(child, issuer.publicKey, crypto)) return undefined;
    if (!this.#budget.takeSignature(issuer.publicKey))
      return reject('budget', 'the chain needs too many signatures to be verified');
    const isValid = yield* settle(checkSignature(child, issuer.publicKey, crypto));
    if (isValid) return undefined;
    const failed = this.#failedSignatures.get(child) ?? new Set();
    this.#failedSignatures.set(child, failed.add(issuer.publicKey));
    return badSignature(child, issuer);
  }

  *#checkRevocation(path: readonly Certificate[]): Search<Rejection | undefined> {
    const { revocation: rules, staple, time, crypto } = this.#options;
    const presented = (subject: Uint8Array): readonly Certificate[] => this.#options.presented.findBySubject(subject);
    const sources = { rules, staple, time, crypto, presented };
    const budget = this.#budget;
    let isSpent = false;
    const rejection = yield* checkRevocation(path, sources, function* (signed, { publicKey }) {
      if (isKnownSignature(signed, publicKey, crypto)) return true;
      const isList = rules?.lists.some((list) => list === signed) === true;
      isSpent ||= !(isList ? budget.takeList(publicKey) : budget.takeSignature(publicKey));
      return !isSpent && (yield* settle(checkSignature(signed, publicKey, crypto)));
    });
    // One of the lists that were not verified may have held the revocation.
    return isSpent ? reject('budget', 'the chain needs too many signatures to be verified') : rejection;
  }

  #giveUp(path: readonly Certificate[]): undefined {
    this.reject(path, reject('budget', 'the chain has too many possible paths'));
  }

  #noIssuer(path: readonly Certificate[], child: Certificate): Rejection {
    const isAlone = path.length === 1;
    if (child.isSelfIssued) {
      return isAlone
        ? reject('selfSignedLeaf', 'the certificate is self-signed and not trusted')
        : reject('selfSignedRoot', 'the chain ends at a self-signed certificate that is not trusted');
    }
    if (!isAlone) return reject('unknownIssuer', 'a certificate’s issuer is neither in the chain nor trusted');
    const { size, first } = this.#options.presented;
    const reason =
      size === 0 ? 'missingIntermediate' : first?.isSelfIssued === true ? 'rootInstead' : 'wrongIntermediate';
    return reject(reason, 'the certificate’s issuer is neither in the chain nor trusted');
  }
}

/** Where an issuer has the right name, but is not the one that the child claims to be from, the issuer is unknown and nothing is forged. */
function badSignature(
  { authorityKeyIdentifier }: Certificate,
  { subjectKeyIdentifier: found }: Certificate,
): Rejection {
  const wanted = authorityKeyIdentifier?.keyIdentifier;
  if (wanted !== undefined && found !== undefined && !equalBytes(wanted, found)) {
    return reject(
      'unknownIssuer',
      'a certificate’s issuer is unknown: there is only one of the same name with another key',
    );
  }
  return reject('signature', 'a certificate’s signature is wrong');
}

/** Sorts the candidates: those with the wanted key identifier come first, those with another one last. */
function byKeyIdentifier(
  { authorityKeyIdentifier }: Certificate,
  candidates: readonly Certificate[],
): readonly Certificate[] {
  const wanted = authorityKeyIdentifier?.keyIdentifier;
  if (wanted === undefined || candidates.length < 2) return candidates;
  const distance = ({ subjectKeyIdentifier }: Certificate): number => {
    if (subjectKeyIdentifier === undefined) return 1;
    return equalBytes(subjectKeyIdentifier, wanted) ? 0 : 2;
  };
  return candidates.toSorted((left, right) => distance(left) - distance(right));
}

/** Tells whether the candidate's entity, which is its name with its key, is in the path already (RFC 4158 §5.2). */
function isInPath(candidate: Certificate, path: readonly Certificate[]): boolean {
  return path.some(
    (each) =>
      each === candidate ||
      (sameName(each.subject, candidate.subject) && equalBytes(each.publicKey.spki, candidate.publicKey.spki)),
  );
}

/** Runs a search to its end, and synchronously when nothing in it is a Promise. */
export function runSearch<T>(search: Search<T>): MaybePromise<T> {
  const { done, value } = search.next();
  return done === true ? value : resume(search, value);
}

async function resume<T>(search: Search<T>, pending: PromiseLike<unknown>): Promise<T> {
  let step = await next(search, pending);
  while (step.done !== true) step = await next(search, step.value);
  return step.value;
}

/** Waits for a Promise; if it is rejected, its reason is thrown into the search, at the place where that waits. */
async function next<T>(
  search: Search<T>,
  pending: PromiseLike<unknown>,
): Promise<IteratorResult<PromiseLike<unknown>, T>> {
  let result: unknown;
  try {
    result = await pending;
  } catch (error) {
    return search.throw(error);
  }
  return search.next(result);
}

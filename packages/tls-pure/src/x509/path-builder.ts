import { isPromiseLike, type MaybePromise, type RejectedPath, type Staple } from '@org/tls-core';
import { equalBytes } from '../crypto/bytes.ts';
import type { CryptoProvider, PublicKeyInfo } from '../crypto/provider.ts';
import { isBareAnchor } from './anchor-certificate.ts';
import { checkIssuer, type PathRequirements } from './certificate-checks.ts';
import type { Certificate } from './certificate.ts';
import { sameName } from './distinguished-name.ts';
import { checkNameConstraints } from './name-constraints.ts';
import { checkPins, type Pins } from './pins.ts';
import { codeOf, isMoreUseful, reject, type Rejection } from './rejection.ts';
import { checkRevocation, type RevocationRules } from './revocation.ts';
import { checkSignature, isKnownSignature } from './signature-check.ts';
import type { TrustAnchors } from './trust-anchor-set.ts';
import { defaultLimits, WorkBudget } from './work-budget.ts';

/** A search that pauses only where the crypto provider answers with a Promise. */
export type Search<T> = Generator<PromiseLike<unknown>, T, unknown>;

export interface PathSearchOptions extends PathRequirements {
  readonly presented: readonly Certificate[];
  readonly anchors: TrustAnchors;
  readonly crypto: CryptoProvider;
  readonly maxIntermediates: number;
  readonly revocation?: RevocationRules | undefined;
  readonly staple?: Staple | undefined;
  readonly pins?: Pins | undefined;
}

const maxKeptPaths = 64;

/**
 * Searches a path from a leaf to an anchor over the presented certificates (RFC 4158), depth first and with backtracking. What was
 * rejected on the way stays readable. A cycle cannot be walked, and the budget bounds everything else.
 */
export class PathSearch {
  readonly #options: PathSearchOptions;
  readonly #budget = new WorkBudget();
  readonly #failedSignatures = new Map<Certificate, Set<PublicKeyInfo>>();
  readonly #rejectedPaths: RejectedPath[] = [];
  #best: Rejection | undefined;

  constructor(options: PathSearchOptions) {
    this.#options = options;
  }

  /** At most 64; views of the certificates. */
  get rejectedPaths(): readonly RejectedPath[] {
    return this.#rejectedPaths;
  }

  /** The most useful of all reasons so far. */
  get bestRejection(): Rejection | undefined {
    return this.#best;
  }

  /** @returns the path, leaf first, anchor last unless it is no certificate; `undefined` when there is none */
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
        (yield* this.#checkSignature(child, anchor)) ??
        checkNameConstraints(whole, this.#budget) ??
        checkPins(whole, this.#options.pins, this.#options.crypto) ??
        (yield* this.#checkRevocation(whole));
      if (rejection === undefined) return isBareAnchor(anchor) ? path : whole;
      this.reject(whole, rejection);
      if (!this.#budget.takeStep()) return this.#giveUp(path);
    }
    const issuers = byKeyIdentifier(
      child,
      this.#options.presented.filter((each) => isNewIssuer(each, path) && !anchors.includes(each)),
    );
    for (const issuer of issuers) {
      if (!this.#budget.takeStep()) return this.#giveUp(path);
      const longer = [...path, issuer];
      const rejection =
        this.#checkLength(longer, casBelow) ??
        checkIssuer(issuer, casBelow, this.#options, 'intermediate') ??
        (yield* this.#checkSignature(child, issuer));
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

  /** As with pathLenConstraint, self-issued certificates do not count against the caller's limit; against ours they do. */
  #checkLength(path: readonly Certificate[], casBelow: number): Rejection | undefined {
    const { maxIntermediates } = this.#options;
    const count = casBelow + (path[path.length - 1]?.isSelfIssued === true ? 0 : 1);
    return count > maxIntermediates || path.length - 1 > defaultLimits.intermediates
      ? reject('tooLong', `a chain has more than ${maxIntermediates} intermediates`)
      : undefined;
  }

  *#checkSignature(child: Certificate, issuer: Certificate): Search<Rejection | undefined> {
    const { oid, algorithm } = child.signatureAlgorithm;
    if (algorithm === undefined)
      return reject('algorithm', `a certificate is signed with algorithm ${oid}, which is not accepted`);
    if (isKnownSignature(child, issuer.publicKey, this.#options.crypto)) return undefined;
    if (this.#failedSignatures.get(child)?.has(issuer.publicKey) === true) return badSignature(child, issuer);
    if (!this.#budget.takeSignature()) return reject('budget', 'the chain needs too many signatures to be verified');
    const isValid = yield* settle(checkSignature(child, issuer.publicKey, this.#options.crypto));
    if (isValid) return undefined;
    const failed = this.#failedSignatures.get(child) ?? new Set();
    this.#failedSignatures.set(child, failed.add(issuer.publicKey));
    return badSignature(child, issuer);
  }

  *#checkRevocation(path: readonly Certificate[]): Search<Rejection | undefined> {
    const { revocation: rules, staple, time, crypto } = this.#options;
    const budget = this.#budget;
    let isSpent = false;
    const rejection = yield* checkRevocation(path, { rules, staple, time, crypto }, function* (signed, { publicKey }) {
      if (isKnownSignature(signed, publicKey, crypto)) return true;
      isSpent ||= !budget.takeSignature();
      return !isSpent && (yield* settle(checkSignature(signed, publicKey, crypto)));
    });
    // what was left unverified may have been the revocation
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
    return isAlone && this.#options.presented.length <= 1
      ? reject('missingIntermediate', 'the certificate’s issuer is neither in the chain nor trusted')
      : reject('unknownIssuer', 'a certificate’s issuer is neither in the chain nor trusted');
  }
}

/** An issuer of the same name that the child does not even claim to be from is an unknown issuer, and no forgery. */
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

/** Candidates whose key identifier is the wanted one first, those with another one last. */
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

/** Whether it bears the issuer's name and its entity (name and key) is not in the path yet (RFC 4158 §5.2). */
function isNewIssuer(candidate: Certificate, path: readonly Certificate[]): boolean {
  const child = path[path.length - 1];
  if (child === undefined || !sameName(candidate.subject, child.issuer)) return false;
  return !path.some(
    (each) =>
      each === candidate ||
      (sameName(each.subject, candidate.subject) && equalBytes(each.publicKey.spki, candidate.publicKey.spki)),
  );
}

function* settle<T>(value: MaybePromise<T>): Search<T> {
  // the driver resumes with what the Promise gave
  return isPromiseLike(value) ? ((yield value) as T) : value;
}

/** Runs a search: at once when nothing in it is a Promise. */
export function runSearch<T>(search: Search<T>): MaybePromise<T> {
  const { done, value } = search.next();
  return done === true ? value : resume(search, value);
}

async function resume<T>(search: Search<T>, pending: PromiseLike<unknown>): Promise<T> {
  let step = await next(search, pending);
  while (step.done !== true) step = await next(search, step.value);
  return step.value;
}

/** A rejected Promise is thrown into the search, where it waits. */
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

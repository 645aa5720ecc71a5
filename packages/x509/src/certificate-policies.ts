import { Oid } from '@org/tls-crypto/der';
import type { Certificate } from './certificate.ts';
import type { PolicyConstraints, PolicyMapping } from './extensions/policies.ts';
import { reject, type Rejection } from './rejection.ts';

/**
 * Processes the policies of a path (RFC 5280 §6.1), whose anchor takes no part in it. Whether there is one is looked at once, at the end: what
 * is lost on the way never comes back, and what is demanded never ceases to be (§6.1.3 (f)).
 * @param path leaf first, anchor last
 * @param acceptable the caller's policies (user-initial-policy-set), of which the path must have one; `undefined`: any, also none
 */
export function checkPolicies(
  path: readonly Certificate[],
  acceptable: readonly string[] | undefined,
): Rejection | undefined {
  const certificates = path.slice(0, -1).toReversed();
  const state = new PolicyState(certificates.length, acceptable !== undefined);
  for (const [index, certificate] of certificates.entries()) {
    const isLast = index === certificates.length - 1;
    state.narrow(certificate, isLast);
    if (!isLast && !state.descend(certificate))
      return reject('policy', 'a CA maps anyPolicy, or to it (RFC 5280 §4.2.1.5)');
    if (isLast) state.conclude(certificate);
  }
  const isAcceptable = acceptable === undefined ? state.hasPolicy : state.hasOneOf(acceptable);
  return state.mustHavePolicy && !isAcceptable ? noPolicy : undefined;
}

const noPolicy = reject('policy', 'no certificate policy holds for the whole path, and one is required');

/**
 * The valid policies at one place of the path. RFC 5280 has a tree of them, which grows without bound where CAs map policies to each other
 * (CVE-2023-0464). What matters of a policy is from which ones below the root it descends, so that a set of those stands for all its
 * nodes: a path costs no more than its number of policies times their roots.
 */
class PolicyState {
  /** What a certificate below may assert, each with the policies directly below the root from which it descends. */
  #expected: Map<string, ReadonlySet<string>> = new Map();
  /** Whether the tree has a node for `anyPolicy` at this depth. */
  #hasAny = true;
  /** How many certificates that are not self-issued may come until each rule holds (RFC 5280 §6.1.2 (d), (e), (f)). */
  #explicitPolicy: number;
  #inhibitAnyPolicy: number;
  #policyMapping: number;

  constructor(pathLength: number, isExplicit: boolean) {
    this.#explicitPolicy = isExplicit ? 0 : pathLength + 1;
    this.#inhibitAnyPolicy = pathLength + 1;
    this.#policyMapping = pathLength + 1;
  }

  get mustHavePolicy(): boolean {
    return this.#explicitPolicy === 0;
  }

  get hasPolicy(): boolean {
    return this.#hasAny || this.#expected.size > 0;
  }

  /** Tells whether a valid policy of the last certificate is one of these, in the words of the anchor (RFC 5280 §6.1.5 (g)). */
  hasOneOf(acceptable: readonly string[]): boolean {
    if (acceptable.includes(Oid.anyPolicy)) return this.hasPolicy;
    return this.#hasAny || [...this.#expected.values()].some((roots) => acceptable.some((policy) => roots.has(policy)));
  }

  /** Keeps the policies that this certificate asserts as well (RFC 5280 §6.1.3 (d), (e)). */
  narrow({ certificatePolicies = new Set(), isSelfIssued }: Certificate, isLast: boolean): void {
    const isAnyAsserted =
      certificatePolicies.has(Oid.anyPolicy) && (this.#inhibitAnyPolicy > 0 || (!isLast && isSelfIssued));
    const valid = new Map<string, ReadonlySet<string>>(isAnyAsserted ? this.#expected : []);
    for (const policy of certificatePolicies) {
      if (policy === Oid.anyPolicy) continue;
      const roots = this.#expected.get(policy) ?? (this.#hasAny ? new Set([policy]) : undefined);
      if (roots !== undefined) valid.set(policy, roots);
    }
    this.#expected = valid;
    this.#hasAny &&= isAnyAsserted;
  }

  /**
   * Prepares for the certificate below (RFC 5280 §6.1.4).
   * @returns false when the CA maps `anyPolicy` (a)
   */
  descend({ policyMappings = [], policyConstraints, inhibitAnyPolicy, isSelfIssued }: Certificate): boolean {
    for (const mapping of policyMappings) {
      if (mapping.issuerDomainPolicy === Oid.anyPolicy || mapping.subjectDomainPolicy === Oid.anyPolicy) return false;
    }
    this.#map(policyMappings);
    if (!isSelfIssued) this.#countDown();
    this.#constrain(policyConstraints);
    this.#inhibitAnyPolicy = Math.min(this.#inhibitAnyPolicy, inhibitAnyPolicy ?? Infinity);
    return true;
  }

  /** Ends the path (RFC 5280 §6.1.5 (a), (b)). */
  conclude({ policyConstraints }: Certificate): void {
    this.#explicitPolicy = Math.max(0, this.#explicitPolicy - 1);
    if (policyConstraints?.requireExplicitPolicy === 0) this.#explicitPolicy = 0;
  }

  /** Puts the policies of the subject's domain in the place of the issuer's, or drops those where mapping is inhibited (§6.1.4 (b)). */
  #map(mappings: readonly PolicyMapping[]): void {
    if (mappings.length === 0) return;
    const mapped = new Map(this.#expected);
    for (const { issuerDomainPolicy } of mappings) mapped.delete(issuerDomainPolicy);
    if (this.#policyMapping > 0) {
      for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
        const roots = this.#expected.get(issuerDomainPolicy) ?? (this.#hasAny ? [issuerDomainPolicy] : []);
        const all = new Set([...(mapped.get(subjectDomainPolicy) ?? []), ...roots]);
        if (all.size > 0) mapped.set(subjectDomainPolicy, all);
      }
    }
    this.#expected = mapped;
  }

  #countDown(): void {
    this.#explicitPolicy = Math.max(0, this.#explicitPolicy - 1);
    this.#policyMapping = Math.max(0, this.#policyMapping - 1);
    this.#inhibitAnyPolicy = Math.max(0, this.#inhibitAnyPolicy - 1);
  }

  #constrain({
    requireExplicitPolicy = Infinity,
    inhibitPolicyMapping = Infinity,
  }: Partial<PolicyConstraints> = {}): void {
    this.#explicitPolicy = Math.min(this.#explicitPolicy, requireExplicitPolicy);
    this.#policyMapping = Math.min(this.#policyMapping, inhibitPolicyMapping);
  }
}

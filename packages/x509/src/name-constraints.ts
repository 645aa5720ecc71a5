import type { Certificate } from './certificate.ts';
import { isWithin } from './names/distinguished-name.ts';
import type { NameConstraints } from './extensions/name-constraints.ts';
import type { GeneralName } from './names/general-name.ts';
import { isDnsPattern } from './names/reference-name.ts';
import { Oid } from '@org/tls-crypto/der';
import { reject, type Rejection } from './rejection.ts';
import type { WorkBudget } from './work-budget.ts';

/**
 * Checks the names of a path against the constraints of every CA above, the anchor's included (RFC 5280 §4.2.1.10, §6.1.3 (b), (c)).
 * Constraints on forms other than dNSName, iPAddress and directoryName reject every name of that form.
 * @param path leaf first, anchor last
 */
export function checkNameConstraints(path: readonly Certificate[], budget: WorkBudget): Rejection | undefined {
  for (let above = path.length - 1; above > 0; above -= 1) {
    const constraints = path[above]?.nameConstraints;
    if (constraints === undefined) continue;
    for (let below = above - 1; below >= 0; below -= 1) {
      const certificate = path[below];
      // Self-issued certificates are exempt, unless they are the last of the path (RFC 5280 §6.1.3 (b)).
      if (certificate === undefined || (below > 0 && certificate.isSelfIssued)) continue;
      const rejection = checkNames(namesOf(certificate), constraints, budget);
      if (rejection !== undefined) return rejection;
    }
  }
  return undefined;
}

function namesOf({ subject, subjectAltName }: Certificate): readonly GeneralName[] {
  const names: GeneralName[] = [...(subjectAltName ?? [])];
  if (!subject.isEmpty) names.push({ kind: 'directory', name: subject });
  // An address in the subject counts where subjectAltName has none (RFC 5280 §4.2.1.10); here it always counts.
  if (subject.parts.some((part) => part.some(({ type }) => type === Oid.emailAddress))) names.push({ kind: 'email' });
  return names;
}

function checkNames(
  names: readonly GeneralName[],
  { permitted, excluded }: NameConstraints,
  budget: WorkBudget,
): Rejection | undefined {
  if (!budget.takeNameComparisons(names.length * (permitted.length + excluded.length))) {
    return reject('budget', 'there are too many names and name constraints');
  }
  for (const name of names) {
    const ownExcluded = excluded.filter(({ kind }) => kind === name.kind);
    const ownPermitted = permitted.filter(({ kind }) => kind === name.kind);
    if (ownExcluded.length + ownPermitted.length === 0) continue;
    if (!isComparable(name))
      return reject('nameConstraint', `a name of form ${name.kind} cannot be compared with a CA’s name constraint`);
    if (ownExcluded.some((base) => touches(name, base)))
      return reject('nameConstraint', `${describe(name)} is excluded by a CA’s name constraint`);
    if (ownPermitted.length > 0 && !ownPermitted.some((base) => lies(name, base))) {
      return reject('nameConstraint', `${describe(name)} is outside of what a CA’s name constraint permits`);
    }
  }
  return undefined;
}

function isComparable(name: GeneralName): boolean {
  if (name.kind === 'dns') return isDnsPattern(name.name);
  return name.kind === 'ip' || name.kind === 'directory';
}

/** Tells whether all that `name` stands for lies within `base`. */
function lies(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'dns' && base.kind === 'dns') return isSubdomain(name.name.toLowerCase(), base.name.toLowerCase());
  if (name.kind === 'ip' && base.kind === 'ip') return isInNetwork(name.address, base.address);
  return name.kind === 'directory' && base.kind === 'directory' && isWithin(name.name, base.name);
}

/** Tells whether anything that `name` stands for lies within `base`: a wildcard may stand for an excluded name (CVE-2025-61727). */
function touches(name: GeneralName, base: GeneralName): boolean {
  if (lies(name, base)) return true;
  if (name.kind !== 'dns' || base.kind !== 'dns' || !name.name.startsWith('*.')) return false;
  const suffix = name.name.slice(1).toLowerCase();
  const excluded = base.name.toLowerCase();
  return excluded.endsWith(suffix) && !excluded.slice(0, -suffix.length).includes('.');
}

function isSubdomain(name: string, base: string): boolean {
  return base === '' || name === base || name.endsWith(`.${base}`);
}

function isInNetwork(address: Uint8Array, network: Uint8Array): boolean {
  const { length } = address;
  if (network.length !== 2 * length) return false;
  return address.every((octet, index) => ((octet ^ (network[index] ?? 0)) & (network[length + index] ?? 0xff)) === 0);
}

function describe(name: GeneralName): string {
  return name.kind === 'dns' ? name.name : `a name of form ${name.kind}`;
}

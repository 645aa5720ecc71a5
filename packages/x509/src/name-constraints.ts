import type { Certificate } from './certificate.ts';
import { attributeText, isWithin } from './names/distinguished-name.ts';
import type { NameConstraints } from './extensions/name-constraints.ts';
import type { GeneralName } from './names/general-name.ts';
import { parseMailbox } from './names/mailbox.ts';
import { isDnsPattern } from './names/reference-name.ts';
import { hostOfUri } from './names/uri-host.ts';
import { Oid } from '@org/tls-crypto/der';
import { reject, type Rejection } from './rejection.ts';
import type { WorkBudget } from './work-budget.ts';

/**
 * Checks the names of a path against the constraints of every CA above, the anchor's included (RFC 5280 §4.2.1.10, §6.1.3 (b), (c)).
 * A constraint on a form that is not compared, and a name that cannot be read, reject: nobody can tell whether the name is permitted.
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
  for (const attribute of subject.parts.flat())
    if (attribute.type === Oid.emailAddress) names.push({ kind: 'email', name: attributeText(attribute) ?? '' });
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
  switch (name.kind) {
    case 'dns':
      return isDnsPattern(name.name);
    case 'email':
      return parseMailbox(name.name) !== undefined;
    case 'uri':
      // A URI without a host, or with an address, must be rejected (RFC 5280 §4.2.1.10).
      return hostOfUri(name.name) !== undefined;
    case 'ip':
    case 'directory':
      return true;
    default:
      return false;
  }
}

/** Tells whether all that `name` stands for lies within `base`. */
function lies(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'dns' && base.kind === 'dns') return isSubdomain(name.name.toLowerCase(), base.name.toLowerCase());
  if (name.kind === 'email' && base.kind === 'email') return isMailboxWithin(name.name, base.name);
  if (name.kind === 'uri' && base.kind === 'uri') return isHostWithin(hostOfUri(name.name), base.name.toLowerCase());
  if (name.kind === 'ip' && base.kind === 'ip') return isInNetwork(name.address, base.address);
  return name.kind === 'directory' && base.kind === 'directory' && isWithin(name.name, base.name);
}

/** A constraint on e-mail addresses names one mailbox, one host, or with a leading dot all hosts of a domain (RFC 5280 §4.2.1.10). */
function isMailboxWithin(address: string, base: string): boolean {
  const mailbox = parseMailbox(address);
  const only = parseMailbox(base);
  if (only === undefined) return isHostWithin(mailbox?.domain, base.toLowerCase());
  return mailbox?.localPart === only.localPart && mailbox.domain === only.domain;
}

/** A constraint on hosts names one, or with a leading dot all hosts of a domain (RFC 5280 §4.2.1.10). */
function isHostWithin(host: string | undefined, base: string): boolean {
  return base.startsWith('.') ? host?.endsWith(base) === true : host === base;
}

/** Tells whether anything that `name` stands for lies within `base`: a wildcard may stand for an excluded name (CVE-2025-61727). */
function touches(name: GeneralName, base: GeneralName): boolean {
  if (lies(name, base)) return true;
  if (name.kind !== 'dns' || base.kind !== 'dns' || !name.name.startsWith('*.') || base.name.startsWith('.'))
    return false;
  const suffix = name.name.slice(1).toLowerCase();
  const excluded = base.name.toLowerCase();
  return excluded.endsWith(suffix) && !excluded.slice(0, -suffix.length).includes('.');
}

/** @param base the subdomains alone are meant where it begins with a dot */
function isSubdomain(name: string, base: string): boolean {
  if (base.startsWith('.')) return name.endsWith(base);
  return base === '' || name === base || name.endsWith(`.${base}`);
}

function isInNetwork(address: Uint8Array, network: Uint8Array): boolean {
  const { length } = address;
  if (network.length !== 2 * length) return false;
  return address.every((octet, index) => ((octet ^ (network[index] ?? 0)) & (network[length + index] ?? 0xff)) === 0);
}

function describe(name: GeneralName): string {
  return 'name' in name && typeof name.name === 'string' ? name.name : `a name of form ${name.kind}`;
}

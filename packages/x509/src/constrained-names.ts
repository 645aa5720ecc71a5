import type { Certificate } from './certificate.ts';
import { attributeText, comparableParts } from './names/distinguished-name.ts';
import type { GeneralName } from './names/general-name.ts';
import { parseMailbox, type Mailbox } from './names/mailbox.ts';
import { isDnsPattern } from './names/reference-name.ts';
import { hostOfUri } from './names/uri-host.ts';
import { Oid } from '@org/tls-crypto/der';

/** A name that is ready to be compared with many constraints: it is taken apart once. */
export type ConstrainedName =
  /** A host name in lower case, which may begin with `*.`. */
  | { readonly kind: 'dns'; readonly text: string }
  /** `text` is the whole address, whose host is in lower case. */
  | { readonly kind: 'email'; readonly text: string; readonly host: string }
  | { readonly kind: 'uri'; readonly host: string }
  | { readonly kind: 'ip'; readonly address: Uint8Array }
  | { readonly kind: 'directory'; readonly parts: readonly string[] };

/** A constraint that is ready to be compared with many names. */
export type ConstraintBase =
  /** `host` is in lower case; the subdomains alone are meant where it begins with a dot. */
  | { readonly kind: 'dns' | 'uri'; readonly host: string }
  /** `only` is the one address that is meant; `undefined`: all of the host. */
  | { readonly kind: 'email'; readonly only: string | undefined; readonly host: string }
  | { readonly kind: 'ip'; readonly network: Uint8Array }
  | { readonly kind: 'directory'; readonly parts: readonly string[] };

/** The names of a certificate that constraints are about (RFC 5280 §4.2.1.10). */
export function namesOf({ subject, subjectAltName }: Certificate): readonly GeneralName[] {
  const names: GeneralName[] = [...(subjectAltName ?? [])];
  if (!subject.isEmpty) names.push({ kind: 'directory', name: subject });
  // An address in the subject counts where subjectAltName has none (RFC 5280 §4.2.1.10); here it always counts.
  for (const attribute of subject.parts.flat())
    if (attribute.type === Oid.emailAddress) names.push({ kind: 'email', name: attributeText(attribute) ?? '' });
  return names;
}

/** @returns `undefined` for a form that is not compared, and for a name that cannot be read: nobody can tell whether it is permitted */
export function constrainedName(name: GeneralName): ConstrainedName | undefined {
  switch (name.kind) {
    case 'dns':
      return isDnsPattern(name.name) ? { kind: 'dns', text: name.name.toLowerCase() } : undefined;
    case 'email': {
      const mailbox = parseMailbox(name.name);
      return mailbox && { kind: 'email', text: addressOf(mailbox), host: mailbox.domain };
    }
    case 'uri': {
      // A URI without a host, or with an address, must be rejected (RFC 5280 §4.2.1.10).
      const host = hostOfUri(name.name);
      return host === undefined ? undefined : { kind: 'uri', host };
    }
    case 'ip':
      return { kind: 'ip', address: name.address };
    case 'directory': {
      const parts = comparableParts(name.name);
      return parts && { kind: 'directory', parts };
    }
    default:
      return undefined;
  }
}

/** @returns `undefined` for a form that is not compared */
export function constraintBase(base: GeneralName): ConstraintBase | undefined {
  switch (base.kind) {
    case 'dns':
    case 'uri':
      return { kind: base.kind, host: base.name.toLowerCase() };
    case 'email': {
      const only = parseMailbox(base.name);
      return { kind: 'email', only: only && addressOf(only), host: base.name.toLowerCase() };
    }
    case 'ip':
      return { kind: 'ip', network: base.address };
    case 'directory': {
      const parts = comparableParts(base.name);
      return parts && { kind: 'directory', parts };
    }
    default:
      return undefined;
  }
}

/** Tells whether all that `name` stands for lies within `base`. */
export function lies(name: ConstrainedName, base: ConstraintBase): boolean {
  switch (base.kind) {
    case 'dns':
      return name.kind === 'dns' && isSubdomain(name.text, base.host);
    case 'email':
      // One mailbox is meant, one host, or with a leading dot all hosts of a domain (RFC 5280 §4.2.1.10).
      if (name.kind !== 'email') return false;
      return base.only === undefined ? isHostWithin(name.host, base.host) : name.text === base.only;
    case 'uri':
      return name.kind === 'uri' && isHostWithin(name.host, base.host);
    case 'ip':
      return name.kind === 'ip' && isInNetwork(name.address, base.network);
    case 'directory':
      // A name lies in the subtree of one that its own begins with (RFC 5280 §4.2.1.10, §7.1).
      return name.kind === 'directory' && base.parts.every((part, index) => part === name.parts[index]);
    default:
      return false;
  }
}

/** Tells whether anything that `name` stands for lies within `base`: a wildcard may stand for an excluded name (CVE-2025-61727). */
export function touches(name: ConstrainedName, base: ConstraintBase): boolean {
  if (lies(name, base)) return true;
  if (name.kind !== 'dns' || base.kind !== 'dns' || !name.text.startsWith('*.') || base.host.startsWith('.'))
    return false;
  const suffix = name.text.slice(1);
  return base.host.endsWith(suffix) && !base.host.slice(0, -suffix.length).includes('.');
}

function addressOf({ localPart, domain }: Mailbox): string {
  return `${localPart}@${domain}`;
}

/** A constraint on hosts names one, or with a leading dot all hosts of a domain (RFC 5280 §4.2.1.10). */
function isHostWithin(host: string, base: string): boolean {
  return base.startsWith('.') ? host.endsWith(base) : host === base;
}

/** @param base the subdomains alone are meant where it begins with a dot */
function isSubdomain(name: string, base: string): boolean {
  if (base === '' || name === base) return true;
  if (!name.endsWith(base)) return false;
  return base.startsWith('.') || name.charAt(name.length - base.length - 1) === '.';
}

function isInNetwork(address: Uint8Array, network: Uint8Array): boolean {
  const { length } = address;
  if (network.length !== 2 * length) return false;
  return address.every((octet, index) => ((octet ^ (network[index] ?? 0)) & (network[length + index] ?? 0xff)) === 0);
}

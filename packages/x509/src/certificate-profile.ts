import type { CertificateProfile } from '@org/tls-core';
import { formatIpAddress, equalBytes } from '@org/tls-core/backend';
import { isBareAnchor } from './anchor-certificate.ts';
import type { Certificate } from './certificate.ts';
import { KeyUsageBit } from './extensions/key-usage.ts';
import { attributeText } from './names/distinguished-name.ts';
import { Oid } from '@org/tls-crypto/der';
import { reject, type Rejection } from './rejection.ts';

/** The rules by which the form of a path's certificates is judged. */
export interface ProfileRequirements {
  /** Default: `compatible`. */
  readonly profile?: CertificateProfile | undefined;
  /** Tells whether anybody can register names directly under this one (as under `co.uk`). Only the profile `webpki` asks. */
  readonly isPublicSuffix?: ((domain: string) => boolean) | undefined;
}

/**
 * Checks the form of a path's certificates. This comes behind every other check, because what is wrong with a signature, an issuer, a
 * time or a name matters more.
 * @param path leaf first, anchor last; a leaf that is trusted itself is a path of one
 */
export function checkPathForm(path: readonly Certificate[], requirements: ProfileRequirements): Rejection | undefined {
  const { profile = 'compatible' } = requirements;
  const [leaf, ...issuers] = path;
  if (profile === 'compatible' || leaf === undefined) return undefined;
  // A leaf that is an anchor itself is taken as it is, unless a rule is about what every certificate has.
  if (issuers.length === 0) return checkForm(leaf);
  const rejection = checkLeafForm(leaf, { ...requirements, profile });
  if (rejection !== undefined) return rejection;
  for (const [index, issuer] of issuers.entries()) {
    const role = index === issuers.length - 1 ? 'anchor' : 'intermediate';
    const found = isBareAnchor(issuer) ? undefined : checkIssuerForm(issuer, role, profile);
    if (found !== undefined) return found;
  }
  return undefined;
}

type StrictProfile = Exclude<CertificateProfile, 'compatible'>;

/** Checks a peer's certificate that an issuer vouches for. */
function checkLeafForm(
  leaf: Certificate,
  requirements: ProfileRequirements & { readonly profile: StrictProfile },
): Rejection | undefined {
  return (
    checkForm(leaf) ??
    checkPeerForm(leaf) ??
    checkAuthorityKey(leaf) ??
    (requirements.profile === 'webpki' ? checkPublicLeaf(leaf, requirements) : undefined)
  );
}

/** Checks an intermediate, or an anchor that is a certificate. */
function checkIssuerForm(
  issuer: Certificate,
  role: 'intermediate' | 'anchor',
  profile: StrictProfile,
): Rejection | undefined {
  const { critical, subjectKeyIdentifier, nameConstraints, basicConstraints } = issuer;
  const rejection = role === 'intermediate' ? checkForm(issuer) : undefined;
  if (rejection !== undefined) return rejection;
  if (basicConstraints === undefined) return form('a CA without basicConstraints (RFC 5280 §4.2.1.9)');
  if (subjectKeyIdentifier === undefined) return form('a CA without subjectKeyIdentifier (RFC 5280 §4.2.1.2)');
  if (!critical.has(Oid.basicConstraints)) return form('basicConstraints of a CA not critical (RFC 5280 §4.2.1.9)');
  if (profile === 'rfc5280' && nameConstraints !== undefined && !critical.has(Oid.nameConstraints))
    return form('nameConstraints not critical (RFC 5280 §4.2.1.10)');
  for (const [oid, name] of alwaysCritical)
    if (issuer[name] !== undefined && !critical.has(oid)) return form(`${name} not critical (RFC 5280 §4.2.1)`);
  if (nameConstraints?.hasLeadingDot === true)
    return form('a dNSName constraint with a leading dot (RFC 5280 §4.2.1.10)');
  return checkAuthorityKey(issuer) ?? (profile === 'webpki' && role === 'anchor' ? checkPublicRoot(issuer) : undefined);
}

/** The extensions of CAs that must be critical (RFC 5280 §4.2.1.11, §4.2.1.14), beside those of which profiles differ. */
const alwaysCritical = [
  [Oid.policyConstraints, 'policyConstraints'],
  [Oid.inhibitAnyPolicy, 'inhibitAnyPolicy'],
] as const;

/** Checks the rules of RFC 5280 §4.1 and §4.2 that roots, which are trusted as they are, need not keep. */
function checkForm(certificate: Certificate): Rejection | undefined {
  const { issuer, subject, serialNumber, basicConstraints, version, signatureAlgorithm } = certificate;
  if (version !== 3) return form('a certificate is not of version 3');
  if (issuer.isEmpty) return form('a certificate has an empty issuer (RFC 5280 §4.1.2.4)');
  if (subject.isEmpty && basicConstraints?.cA === true) return form('a CA has an empty subject (RFC 5280 §4.1.2.6)');
  const [first = 0] = serialNumber;
  if (first >= 0x80 || (first === 0 && serialNumber.length === 1))
    return form('a serial number is not positive (RFC 5280 §4.1.2.2)');
  if (serialNumber.length > 20) return form(`a serial number has ${serialNumber.length} octets (RFC 5280 §4.1.2.2)`);
  if (basicConstraints?.cA === false && basicConstraints.pathLenConstraint !== undefined)
    return form('a pathLenConstraint where cA is not asserted (RFC 5280 §4.2.1.9)');
  if (signatureAlgorithm.hasNeedlessNull) return form('parameters of an ECDSA signature (RFC 5758 §3.2)');
  return checkNameForm(certificate);
}

/** Checks subjectAltName by RFC 5280 §4.1.2.6 and §4.2.1.6. */
function checkNameForm({ subject, subjectAltName = [], critical }: Certificate): Rejection | undefined {
  if (subject.isEmpty && subjectAltName.length > 0 && !critical.has(Oid.subjectAltName))
    return form('an empty subject with a subjectAltName that is not critical (RFC 5280 §4.1.2.6)');
  for (const name of subjectAltName) {
    if (name.kind !== 'dns') continue;
    if (name.name === '') return form('an empty dNSName (RFC 5280 §4.2.1.6)');
    if (name.name.includes('_')) return form('a dNSName with an underscore (RFC 5280 §4.2.1.6)');
  }
  return undefined;
}

/** Checks that a peer's certificate has nothing that is a CA's alone. */
function checkPeerForm({ nameConstraints, keyUsage }: Certificate): Rejection | undefined {
  if (nameConstraints !== undefined)
    return form('nameConstraints in a certificate that is no CA’s (RFC 5280 §4.2.1.10)');
  if (keyUsage?.bits.has(KeyUsageBit.keyCertSign) === true)
    return form('keyCertSign in a certificate that is no CA’s (RFC 5280 §4.2.1.3)');
  return undefined;
}

/** Only a self-signed certificate may do without an authorityKeyIdentifier (RFC 5280 §4.2.1.1). */
function checkAuthorityKey({ authorityKeyIdentifier, isSelfIssued }: Certificate): Rejection | undefined {
  if (isSelfIssued || authorityKeyIdentifier?.keyIdentifier !== undefined) return undefined;
  return form('a certificate without the key identifier of its issuer (RFC 5280 §4.2.1.1)');
}

/** Checks a server's certificate by the Baseline Requirements, §7.1.2.7.6, §7.1.2.7.10, §7.1.2.7.12, §7.1.4.3 and §3.2.2.6. */
function checkPublicLeaf(leaf: Certificate, { isPublicSuffix }: ProfileRequirements): Rejection | undefined {
  const { extendedKeyUsage, critical, subject, subjectAltName = [] } = leaf;
  if (extendedKeyUsage === undefined) return form('the certificate has no extKeyUsage (BR §7.1.2.7.6)');
  if (extendedKeyUsage.has(Oid.anyExtendedKeyUsage))
    return form('the certificate is for any extended key usage (BR §7.1.2.7.10)');
  if (critical.has(Oid.extKeyUsage)) return form('the certificate’s extKeyUsage is critical (BR §7.1.2.7.6)');
  if (critical.has(Oid.subjectAltName) && !subject.isEmpty)
    return form('subjectAltName is critical beside a subject that is not empty (BR §7.1.2.7.12)');
  const wildcard = subjectAltName.find(
    (name) => name.kind === 'dns' && name.name.startsWith('*.') && isPublicSuffix?.(name.name.slice(2).toLowerCase()),
  );
  if (wildcard !== undefined) return form('a wildcard directly under a public suffix (BR §3.2.2.6)');
  return checkCommonName(leaf);
}

/** There is at most one commonName, and it copies one of the names to the character (BR §7.1.4.3). */
function checkCommonName({ subject, subjectAltName = [] }: Certificate): Rejection | undefined {
  const commonNames = subject.parts.flat().filter(({ type }) => type === Oid.commonName);
  const [commonName] = commonNames;
  if (commonName === undefined) return undefined;
  if (commonNames.length > 1) return form('more than one common name (BR §7.1.4.3)');
  const text = attributeText(commonName);
  const isCopy = subjectAltName.some(
    (name) =>
      (name.kind === 'dns' && name.name === text) || (name.kind === 'ip' && formatIpAddress(name.address) === text),
  );
  return isCopy ? undefined : form('a common name that is none of the subjectAltNames (BR §7.1.4.3)');
}

/** Checks a root by the Baseline Requirements, §7.1.2.1.2 and §7.1.2.1.3. */
function checkPublicRoot({
  extendedKeyUsage,
  authorityKeyIdentifier: authority,
  subjectKeyIdentifier,
  isSelfIssued,
}: Certificate): Rejection | undefined {
  if (extendedKeyUsage !== undefined) return form('a root with extKeyUsage (BR §7.1.2.1.2)');
  if (!isSelfIssued || authority === undefined) return undefined;
  const isOwn =
    authority.keyIdentifier !== undefined &&
    subjectKeyIdentifier !== undefined &&
    equalBytes(authority.keyIdentifier, subjectKeyIdentifier);
  if (isOwn && !authority.namesIssuer) return undefined;
  return form('a root’s authorityKeyIdentifier is not its own key identifier alone (BR §7.1.2.1.3)');
}

function form(text: string): Rejection {
  return reject('form', text);
}

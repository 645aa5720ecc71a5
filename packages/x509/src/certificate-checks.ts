import { bitLength, maxExponentLength, maxModulusBits, type PublicKeyInfo } from '@org/tls-crypto';
import type { ProfileRequirements } from './certificate-profile.ts';
import type { Certificate } from './certificate.ts';
import { KeyUsageBit } from './extensions/key-usage.ts';
import { Oid } from '@org/tls-crypto/der';
import { reject, type Rejection } from './rejection.ts';

/** What the certificates of a path must be good for. */
export interface PathRequirements extends ProfileRequirements {
  readonly purpose: 'server' | 'client';
  /** The time at which the path must be valid, in milliseconds since the epoch. */
  readonly time: number;
}

/** Makes the checks of the peer's own certificate that are the same for every path. */
export function checkLeaf(leaf: Certificate, requirements: PathRequirements): Rejection | undefined {
  return (
    checkValidity(leaf, requirements.time) ??
    checkPurpose(leaf, requirements, 'leaf') ??
    checkLeafKeyUsage(leaf) ??
    checkCriticalExtensions(leaf) ??
    checkKey(leaf.publicKey)
  );
}

/** Makes the further check of a leaf that is trusted for its issuer's sake, not because it is an anchor itself. */
export function checkIssuedLeaf(leaf: Certificate): Rejection | undefined {
  // A CA's key signs certificates, not handshakes (CA/Browser Forum BR §7.1.2.7.8).
  if (leaf.basicConstraints?.cA === true) return reject('purpose', 'the certificate is a CA’s, and not one for a peer');
  return undefined;
}

/**
 * Checks of an intermediate or an anchor.
 * @param casBelow how many certificates between it and the leaf are not self-issued (RFC 5280 §4.2.1.9)
 */
export function checkIssuer(
  issuer: Certificate,
  casBelow: number,
  requirements: PathRequirements,
  role: 'intermediate' | 'anchor',
): Rejection | undefined {
  return (
    checkValidity(issuer, requirements.time) ??
    (role === 'intermediate' ? checkCa(issuer) : checkAnchor(issuer)) ??
    checkPathLength(issuer, casBelow) ??
    checkPurpose(issuer, requirements, 'issuer') ??
    checkCertSign(issuer) ??
    checkCriticalExtensions(issuer) ??
    checkKey(issuer.publicKey)
  );
}

/** Checks the period of validity; both of its ends belong to it (RFC 5280 §4.1.2.5). */
function checkValidity({ notBefore, notAfter }: Certificate, time: number): Rejection | undefined {
  if (time < notBefore) {
    return reject('notYetValid', `a certificate is valid from ${isoTime(notBefore)}, and it is ${isoTime(time)}`);
  }
  // notAfter names a whole second, which still belongs to the period.
  if (time >= notAfter + 1000) {
    return reject('expired', `a certificate expired at ${isoTime(notAfter)}, and it is ${isoTime(time)}`);
  }
  return undefined;
}

function checkCa({ basicConstraints, version }: Certificate): Rejection | undefined {
  if (version !== 3) return reject('notCa', 'an issuer’s certificate is not of version 3');
  return basicConstraints?.cA === true
    ? undefined
    : reject('notCa', 'an issuer is not marked as a CA by basicConstraints');
}

/**
 * An anchor is a name and a key (RFC 5280 §6.1.1 (d)). Its certificate need not say that it is a CA's, as old roots do not, but where it
 * denies that, it is believed.
 */
function checkAnchor({ basicConstraints }: Certificate): Rejection | undefined {
  return basicConstraints?.cA === false ? reject('notCa', 'a trusted certificate says that it is no CA’s') : undefined;
}

function checkPathLength({ basicConstraints }: Certificate, casBelow: number): Rejection | undefined {
  const { cA = false, pathLenConstraint } = basicConstraints ?? {};
  return cA && pathLenConstraint !== undefined && casBelow > pathLenConstraint
    ? reject('pathLength', `a CA may have ${pathLenConstraint} CAs below it and has ${casBelow}`)
    : undefined;
}

/** Checks extKeyUsage (RFC 5280 §4.2.1.12). It binds CA certificates too, as in every other implementation. */
function checkPurpose(
  { extendedKeyUsage }: Certificate,
  { purpose }: PathRequirements,
  position: 'leaf' | 'issuer',
): Rejection | undefined {
  if (extendedKeyUsage === undefined) return undefined;
  const wanted = purpose === 'server' ? Oid.serverAuth : Oid.clientAuth;
  if (extendedKeyUsage.has(wanted)) return undefined;
  // A CA for any purpose is a CA for this one; a peer's certificate must name its purpose (CA/Browser Forum BR §7.1.2.7.10).
  if (position === 'issuer' && extendedKeyUsage.has(Oid.anyExtendedKeyUsage)) return undefined;
  const which = position === 'leaf' ? 'the certificate' : 'an issuer’s certificate';
  return reject('purpose', `${which} is not for ${purpose}s: extended key usage ${[...extendedKeyUsage].join(', ')}`);
}

/** RFC 8446 §4.4.2.2 demands digitalSignature where there is a keyUsage at all. */
function checkLeafKeyUsage({ keyUsage }: Certificate): Rejection | undefined {
  if (keyUsage === undefined || keyUsage.bits.has(KeyUsageBit.digitalSignature)) return undefined;
  return reject('purpose', 'the certificate’s keyUsage is without digitalSignature');
}

function checkCertSign({ keyUsage }: Certificate): Rejection | undefined {
  if (keyUsage === undefined || keyUsage.bits.has(KeyUsageBit.keyCertSign)) return undefined;
  return reject('notCa', 'an issuer’s keyUsage is without keyCertSign');
}

function checkCriticalExtensions({ unknownCritical }: Certificate): Rejection | undefined {
  const [oid] = unknownCritical;
  return oid === undefined
    ? undefined
    : reject('criticalExtension', `a certificate has the unknown critical extension ${oid}`);
}

const minRsaBits = 2048;

function checkKey(key: PublicKeyInfo): Rejection | undefined {
  if (key.type !== 'rsa' && key.type !== 'rsa-pss') return undefined;
  const bits = bitLength(key.modulus);
  if (bits < minRsaBits || bits > maxModulusBits || bits % 8 !== 0) {
    return reject(
      'algorithm',
      `an RSA key has ${bits} bits; accepted are ${minRsaBits} to ${maxModulusBits}, divisible by 8`,
    );
  }
  const last = key.exponent[key.exponent.length - 1] ?? 0;
  const isTooSmall = key.exponent.length === 1 && last < 3;
  if ((last & 1) === 0 || isTooSmall || key.exponent.length > maxExponentLength)
    return reject('algorithm', 'an RSA key’s exponent is even, 1, or over 40 bits');
  return undefined;
}

function isoTime(time: number): string {
  return Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}

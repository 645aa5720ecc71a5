import { X509Certificate } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import { isTlsError } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import { cachedCertificate, KeyUsageBit, sameName, type Certificate } from '@org/x509';

/** A certificate as our parser reads it, `undefined` where it refuses it. */
export function certificateFrom(der: Uint8Array): Certificate | undefined {
  try {
    return cachedCertificate(der);
  } catch (error) {
    if (isTlsError(error)) return undefined;
    throw error;
  }
}

/** Tells whether a certificate names itself as its issuer. Its signature is not looked at, as in OpenSSL. */
export function isSelfSigned(certificate: Certificate): boolean {
  return certificate.isSelfIssued && fitsKeyIdentifier(certificate, certificate);
}

/** Tells whether one certificate may be the issuer of another, by names and key identifiers. */
export function mayHaveIssued(issuer: Certificate, subject: Certificate): boolean {
  return sameName(issuer.subject, subject.issuer) && fitsKeyIdentifier(issuer, subject);
}

function fitsKeyIdentifier({ subjectKeyIdentifier }: Certificate, { authorityKeyIdentifier }: Certificate): boolean {
  const wanted = authorityKeyIdentifier?.keyIdentifier;
  return wanted === undefined || subjectKeyIdentifier === undefined || equalBytes(wanted, subjectKeyIdentifier);
}

/** Tells whether the keyUsage, where there is one, has one of these bits. */
export function allowsKeyUse({ keyUsage }: Certificate, ...bits: readonly number[]): boolean {
  return keyUsage === undefined || bits.some((bit) => keyUsage.bits.has(bit));
}

/** Tells whether OpenSSL takes a certificate for a CA's: a root of version 1 is one, and so is one with keyCertSign and no basicConstraints. */
export function isAuthority(certificate: Certificate): boolean {
  if (!allowsKeyUse(certificate, KeyUsageBit.keyCertSign)) return false;
  if (certificate.basicConstraints !== undefined) return certificate.basicConstraints.cA;
  return (certificate.version === 1 && isSelfSigned(certificate)) || certificate.keyUsage !== undefined;
}

/** Says how a certificate's period lies to a time, in milliseconds since the epoch. */
export function validityFault(
  { notBefore, notAfter }: Certificate,
  time: number,
): 'notYetValid' | 'expired' | undefined {
  if (time < notBefore) return 'notYetValid';
  return time >= notAfter + 1000 ? 'expired' : undefined;
}

/** Verifies a certificate's signature by OpenSSL, as far as it knows the algorithm. */
export function isSignedBy(subject: Certificate, issuer: Certificate): boolean {
  try {
    return byNode(subject).verify(byNode(issuer).publicKey);
  } catch {
    return false; // a key of an algorithm that the OpenSSL of this Node does not have
  }
}

const parsed = new WeakMap<Certificate, X509Certificate>();

/** A certificate as Node reads it. */
export function byNode(certificate: Certificate): X509Certificate {
  const known = parsed.get(certificate) ?? new X509Certificate(certificate.der);
  parsed.set(certificate, known);
  return known;
}

const legacy = new WeakMap<Certificate, PeerCertificate | undefined>();

/**
 * Gives a certificate (DER) in Node's legacy form, for who only reads it: the same certificate gives the same object while x509 remembers it.
 * @returns `undefined` where Node or x509 cannot read it
 */
export function namesOf(der: Uint8Array): PeerCertificate | undefined {
  const certificate = certificateFrom(der);
  if (certificate === undefined) return undefined;
  if (!legacy.has(certificate)) legacy.set(certificate, legacyOf(certificate));
  return legacy.get(certificate);
}

function legacyOf(certificate: Certificate): PeerCertificate | undefined {
  try {
    return byNode(certificate).toLegacyObject();
  } catch {
    return undefined; // Node's parser refuses what ours takes
  }
}

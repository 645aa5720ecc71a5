import type { PublicKeyInfo } from '@org/tls-crypto';
import { equalBytes } from '@org/tls-core/backend';
import { contextTag, DerReader, DerTag, type DerErrorCode } from '@org/tls-crypto/der';
import { readName, sameName, type DistinguishedName } from './names/distinguished-name.ts';
import { cachedPublicKey } from './public-key-cache.ts';
import { noExtensions, readExtensions, type Extensions } from './extensions/extensions.ts';
import { readSignatureAlgorithm, type CertificateSignatureAlgorithm } from '@org/tls-crypto/keys';
import { readTime } from '@org/tls-crypto/der';

/** A parsed X.509 certificate (RFC 5280 §4.1). All its byte strings are views into `der`, except those of `publicKey`. */
export interface Certificate extends Extensions {
  readonly der: Uint8Array;
  /** The bytes that the signature is over. */
  readonly tbsCertificate: Uint8Array;
  /** 1 or 3; version 2 is refused. */
  readonly version: 1 | 3;
  /** The serial number in two's complement, big-endian. */
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: CertificateSignatureAlgorithm;
  readonly signature: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** The start of validity in milliseconds since the epoch. Both ends belong to the period. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The same key gives the same object while that is cached. */
  readonly publicKey: PublicKeyInfo;
  /** Whether issuer and subject are the same name. */
  readonly isSelfIssued: boolean;
}

const maxCertificateLength = 2 ** 16;

/**
 * Reads one certificate. `der` is kept, not copied.
 * @throws TlsError `code` when it is not strict DER, over 64 KiB, or against RFC 5280's syntax;
 *   `ERR_TLS_CERTIFICATE_UNSUPPORTED` on a public key of another algorithm or curve
 */
export function parseCertificate(der: Uint8Array, code: DerErrorCode = 'ERR_TLS_CERTIFICATE_BAD'): Certificate {
  const input = new DerReader(der, 'Certificate', code);
  if (der.length > maxCertificateLength)
    throw input.fault(`expected at most ${maxCertificateLength} bytes, got ${der.length}`);
  const certificate = input.sequence();
  input.end();
  const tbs = certificate.element(DerTag.sequence);
  const outerAlgorithm = certificate.element(DerTag.sequence);
  const signature = certificate.bitStringOctets();
  certificate.end();

  const reader = certificate.within(tbs.contents, 'TBSCertificate');
  const version = readVersion(reader);
  const serialNumber = reader.integer();
  const innerAlgorithm = reader.element(DerTag.sequence);
  // Both must be the same (RFC 5280 §4.1.1.2), else an attacker could change the outer one, which is not signed.
  if (!equalBytes(innerAlgorithm.raw, outerAlgorithm.raw))
    throw reader.fault('inner and outer signature algorithm differ');
  const signatureAlgorithm = readSignatureAlgorithm(reader.within(innerAlgorithm.contents, 'signatureAlgorithm'));
  const issuer = readName(reader);
  const validity = reader.sequence('Validity');
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  validity.end();
  const subject = readName(reader);
  const publicKey = cachedPublicKey(reader.element(DerTag.sequence).raw, code);
  const extensions = readTail(reader, version);
  // Each field is copied by its name, because a spread of unknown fields takes longer than reading the certificate did.
  return {
    basicConstraints: extensions.basicConstraints,
    keyUsage: extensions.keyUsage,
    extendedKeyUsage: extensions.extendedKeyUsage,
    subjectAltName: extensions.subjectAltName,
    nameConstraints: extensions.nameConstraints,
    certificatePolicies: extensions.certificatePolicies,
    policyMappings: extensions.policyMappings,
    policyConstraints: extensions.policyConstraints,
    inhibitAnyPolicy: extensions.inhibitAnyPolicy,
    crlDistributionPoints: extensions.crlDistributionPoints,
    ocspResponders: extensions.ocspResponders,
    tlsFeatures: extensions.tlsFeatures,
    subjectKeyIdentifier: extensions.subjectKeyIdentifier,
    authorityKeyIdentifier: extensions.authorityKeyIdentifier,
    critical: extensions.critical,
    unknownCritical: extensions.unknownCritical,
    der,
    tbsCertificate: tbs.raw,
    version,
    serialNumber,
    signatureAlgorithm,
    signature,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    isSelfIssued: sameName(issuer, subject),
  };
}

function readVersion(reader: DerReader): 1 | 3 {
  const tagged = reader.enterOptional(contextTag(0, true), 'version');
  if (tagged === undefined) return 1;
  const number = tagged.smallInteger();
  tagged.end();
  if (number !== 2) throw reader.fault(`version ${number + 1}`);
  return 3;
}

/** Reads the unique identifiers, which nobody uses, and the extensions (RFC 5280 §4.1.2.8, §4.1.2.9). */
function readTail(reader: DerReader, version: 1 | 3): Extensions {
  for (const number of [1, 2])
    if (reader.peek() === contextTag(number, false)) reader.bitString(contextTag(number, false));
  const tagged = reader.enterOptional(contextTag(3, true), 'Extensions');
  reader.end();
  if (tagged === undefined) return noExtensions;
  if (version !== 3) throw reader.fault(`extensions in version ${version}`);
  const extensions = readExtensions(tagged.sequence());
  tagged.end();
  return extensions;
}

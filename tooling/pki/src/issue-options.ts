import type { KeyAlgorithm, SignatureHash, SignatureParameters } from './key-algorithm.ts';
import type { KeyOwner } from './key-pair.ts';
import type { TestLog } from './test-log.ts';

/** Bits of keyUsage by their names in RFC 5280 §4.2.1.3. */
export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/** A purpose by name, or any other as a dotted OID. */
export type ExtendedKeyUsage =
  | 'serverAuth'
  | 'clientAuth'
  | 'codeSigning'
  | 'emailProtection'
  | 'OCSPSigning'
  | 'anyExtendedKeyUsage'
  | `${number}.${string}`;

/** DNS names (`example.test`) and address ranges (`10.0.0.0/8`, `2001:db8::/32`) of RFC 5280 §4.2.1.10. */
export interface NameConstraintsOption {
  readonly permitted?: readonly string[];
  readonly excluded?: readonly string[];
}

/** An extension that is given as bytes. It is the way to make what the other options cannot. */
export interface CertificateExtension {
  readonly oid: string;
  readonly critical?: boolean;
  /** The extension's value in DER, without the OCTET STRING around it. */
  readonly value: Uint8Array;
}

/**
 * What the new certificate must say. Everything is obeyed, sensible or not: a leaf may issue, a certificate may outlive its issuer, an end
 * date may be in the past.
 */
export interface IssueOptions {
  /** The DNS names, wildcards and IP addresses of subjectAltName. Without any, there is no such extension. */
  readonly names?: readonly string[];
  /** The commonName. Default: the first name, or one that holds the serial number. When empty, there is no subject at all. */
  readonly commonName?: string;
  /** Default `ecdsa-p256`. */
  readonly algorithm?: KeyAlgorithm;
  /** Default: an hour ago. */
  readonly notBefore?: Date;
  /** Default: 30 days from now; ten years for a root. */
  readonly notAfter?: Date;
  /** Default false; true for a root. */
  readonly isCa?: boolean;
  /** The pathLenConstraint; it is allowed only where `isCa` is true. */
  readonly pathLength?: number;
  /** Default: a CA signs certificates and CRLs, a leaf has `digitalSignature`. When empty, there is no such extension. */
  readonly keyUsage?: readonly KeyUsage[];
  /** Default: none for a CA, `serverAuth` and `clientAuth` for a leaf. When empty, there is no such extension. */
  readonly extendedKeyUsage?: readonly ExtendedKeyUsage[];
  readonly nameConstraints?: NameConstraintsOption;
  /** The hash of the issuer's signature; default: the one that suits the issuer's key. Ed25519 has none. */
  readonly signatureHash?: SignatureHash;
  /** The parameters of the signature's algorithm, where they are not as its RFC has them by preference. */
  readonly signatureParameters?: SignatureParameters;
  /** The type of the string in the subject; default: a UTF8String. */
  readonly nameString?: 'printable';
  /** The owner of a key that is used in place of a new one, for renewed and cross-signed certificates. */
  readonly sameKeyAs?: KeyOwner;
  /** Whether basicConstraints is left out altogether. */
  readonly omitBasicConstraints?: boolean;
  /** The serial number in two's complement, big-endian; default: 16 random bytes, positive. */
  readonly serialNumber?: Uint8Array;
  /** The version 1, which has no extensions. */
  readonly version?: 1;
  /** The hash that the certificate names outside of what is signed; default: the same as inside (RFC 5280 §4.1.1.2). */
  readonly outerSignatureHash?: SignatureHash;
  /** Whether the signature is damaged, so that only a check of it finds out. */
  readonly corruptSignature?: boolean;
  readonly extensions?: readonly CertificateExtension[];
  /** The logs that sign the certificate before it is made. Their timestamps stand in it (RFC 6962 §3.3). */
  readonly logs?: readonly TestLog[];
}

import type { KeyAlgorithm, SignatureHash } from './key-algorithm.ts';
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

/** An extension given as bytes; the way to make what the other options cannot. */
export interface CertificateExtension {
  readonly oid: string;
  readonly critical?: boolean;
  /** DER of the extension's value, without the OCTET STRING around it. */
  readonly value: Uint8Array;
}

/**
 * What the new certificate shall say. Everything is obeyed, sensible or not:
 * a leaf may issue, a certificate may outlive its issuer, an end date may be in the past.
 */
export interface IssueOptions {
  /** DNS names, wildcards and IP addresses for subjectAltName. None: no such extension. */
  readonly names?: readonly string[];
  /** Default: the first name, or a name of its own that holds the serial number. Empty: no subject at all. */
  readonly commonName?: string;
  /** Default `ecdsa-p256`. */
  readonly algorithm?: KeyAlgorithm;
  /** Default: an hour ago. */
  readonly notBefore?: Date;
  /** Default: 30 days from now; ten years for a root. */
  readonly notAfter?: Date;
  /** Default false; true for a root. */
  readonly isCa?: boolean;
  /** pathLenConstraint; only where `isCa` is true. */
  readonly pathLength?: number;
  /** Default: a CA signs certificates and CRLs, a leaf has `digitalSignature`. Empty: no such extension. */
  readonly keyUsage?: readonly KeyUsage[];
  /** Default: none for a CA, `serverAuth` and `clientAuth` for a leaf. Empty: no such extension. */
  readonly extendedKeyUsage?: readonly ExtendedKeyUsage[];
  readonly nameConstraints?: NameConstraintsOption;
  /** Hash of the issuer's signature; default: the one that suits the issuer's key. Ed25519 takes none. */
  readonly signatureHash?: SignatureHash;
  /** Uses the key of this certificate in place of a new one: for renewed and cross-signed certificates. */
  readonly sameKeyAs?: KeyOwner;
  /** Leaves basicConstraints out altogether. */
  readonly omitBasicConstraints?: boolean;
  /** Two's complement, big-endian; default: 16 random bytes, positive. */
  readonly serialNumber?: Uint8Array;
  /** Version 1, which has no extensions. */
  readonly version?: 1;
  /** What the certificate says outside of what is signed; default: the same as inside (RFC 5280 §4.1.1.2). */
  readonly outerSignatureHash?: SignatureHash;
  /** Damages the signature, so that only checking it tells. */
  readonly corruptSignature?: boolean;
  readonly extensions?: readonly CertificateExtension[];
  /** Logs that sign the certificate before it is made; their timestamps stand in it (RFC 6962 §3.3). */
  readonly logs?: readonly TestLog[];
}

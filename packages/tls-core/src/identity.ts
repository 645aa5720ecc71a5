import type { MaybePromise } from './maybe-promise.ts';

/** A certificate chain or a raw public key, and what signs for it. */
export type Identity = KeyIdentity | SignerIdentity | RawPublicKeyIdentity;

/** What every identity with certificates may carry. */
interface CertificateIdentity extends IdentityRules {
  /** PEM with several blocks, as text or as the bytes of a file; a certificate in DER; or a list of these. The leaf comes first. */
  readonly certificateChain: string | Uint8Array | readonly (string | Uint8Array)[];
  readonly rawPublicKey?: never;
  /** A DER OCSP response to staple (RFC 6066 §8), or what gives one for each handshake that asks; `undefined`: none just now. */
  readonly ocspResponse?: Uint8Array | (() => MaybePromise<Uint8Array | undefined>);
  /** `SignedCertificateTimestampList` (RFC 6962 §3.3) to send. */
  readonly signedCertificateTimestamps?: Uint8Array;
  /** True: used only when the peer names an issuer of the chain among its `certificate_authorities` (RFC 8446 §4.2.4). */
  readonly mustMatchIssuer?: boolean;
}

interface IdentityRules {
  /** IANA names of the schemes it may sign with, in order of preference; default: all that fit its key. */
  readonly signatureSchemes?: readonly string[];
}

/** A chain with its private key. */
export interface KeyIdentity extends CertificateIdentity {
  /** PEM, as text or as the bytes of a file, or DER: PKCS#8, SEC1 or PKCS#1, not encrypted. */
  readonly privateKey: string | Uint8Array;
  readonly signer?: never;
}

/** A chain whose key lives elsewhere (HSM, KMS, CryptoKey). */
export interface SignerIdentity extends CertificateIdentity {
  readonly privateKey?: never;
  readonly signer: Signer;
}

/** A key without a certificate (RFC 7250). */
export interface RawPublicKeyIdentity extends IdentityRules {
  readonly certificateChain?: never;
  /** SubjectPublicKeyInfo, PEM or DER. */
  readonly rawPublicKey: string | Uint8Array;
  /** Exactly one of `privateKey` and `signer`. */
  readonly privateKey?: string | Uint8Array;
  readonly signer?: Signer;
  readonly ocspResponse?: never;
  readonly signedCertificateTimestamps?: never;
  readonly mustMatchIssuer?: never;
}

export interface Signer {
  /** IANA names of the schemes it can sign with, in order of preference. */
  readonly signatureSchemes: readonly string[];
  /** Signs `input` (not a digest of it) with a scheme of the list (RFC 8446 §4.4.3). */
  sign(signatureScheme: string, input: Uint8Array): MaybePromise<Uint8Array>;
}

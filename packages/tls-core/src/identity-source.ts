import type { Signer } from './identity.ts';
import type { MaybePromise } from './maybe-promise.ts';

/** A passphrase, or a function that gives it. A function is called at most once, and only when something is encrypted. */
export type PassphraseSource = string | (() => MaybePromise<string>);

/** What protects a file that is read. */
interface ProtectedSource {
  readonly passphrase?: PassphraseSource | undefined;
  /**
   * Says how many iterations of key derivation the file may ask for, in all its parts together, as those of PBKDF2 with HMAC-SHA-256 are counted.
   * Default: 5,000,000, which take a second or so.
   */
  readonly maxIterations?: number | undefined;
}

/** A PKCS#12 file: `.p12`, `.pfx`, or the keystore that today's Java writes. */
export interface PfxSource extends ProtectedSource {
  /** The bytes of the file, or Base64 of them. */
  readonly pfx: string | Uint8Array;
  /** The name of the key to take where there are several; keytool calls it an alias. Capitals count only where two differ in nothing else. */
  readonly friendlyName?: string | undefined;
  readonly privateKey?: never;
  readonly certificateChain?: never;
}

/** Certificates with their private key. */
export interface KeyPairSource extends ProtectedSource {
  readonly privateKey: PrivateKeySource;
  /** Default: the certificates beside the private key, in the same PEM text or as the `x5c` of the same JWK. */
  readonly certificateChain?: CertificateSource | undefined;
  readonly pfx?: never;
  readonly friendlyName?: never;
}

/** Certificates, in any order: PEM text with any number of them, the bytes of a file with such text, DER, or a list of these. */
export type CertificateSource = string | Uint8Array | readonly (string | Uint8Array)[];

/**
 * A private key in any of its forms: PEM, or the text of a JWK; the bytes of a file with either of them; DER of PKCS#8 (encrypted or not),
 * SEC1 or PKCS#1; a JWK; node's `KeyObject`; a `CryptoKey`, extractable or not; or an object that signs elsewhere.
 */
export type PrivateKeySource = string | Uint8Array | Jwk | KeyObjectLike | CryptoKeyLike | Signer;

/** A private JSON Web Key (RFC 7517): `EC`, `RSA`, `OKP` with Ed25519, or `AKP` with ML-DSA (RFC 9964). */
export interface Jwk {
  readonly kty: string;
  readonly crv?: string;
  readonly alg?: string;
  /** The certificate chain, leaf first, with each certificate as DER in Base64 (RFC 7517 §4.7). */
  readonly x5c?: readonly string[];
  readonly [member: string]: unknown;
}

/** The part of node's `KeyObject` that is used. */
export interface KeyObjectLike {
  readonly type: string;
  export(options: { readonly format: 'der'; readonly type: 'pkcs8' }): Uint8Array;
}

/** A WebCrypto `CryptoKey`, of any realm and of any implementation that the platform has. */
export interface CryptoKeyLike {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

import type { MaybePromise } from './maybe-promise.ts';

/** A certificate chain and what signs for it. */
export type Identity = KeyIdentity | SignerIdentity;

/** A chain with its private key. */
export interface KeyIdentity {
  /** PEM text (several blocks), or DER certificates; leaf first. */
  readonly certificateChain: string | readonly Uint8Array[];
  /** PEM text or DER: PKCS#8, SEC1 or PKCS#1, not encrypted. */
  readonly privateKey: string | Uint8Array;
  readonly signer?: never;
}

/** A chain whose key lives elsewhere (HSM, KMS, CryptoKey). */
export interface SignerIdentity {
  readonly certificateChain: string | readonly Uint8Array[];
  readonly privateKey?: never;
  readonly signer: Signer;
}

export interface Signer {
  /** IANA names of the schemes it can sign with, in order of preference. */
  readonly signatureSchemes: readonly string[];
  /** Signs `input` (not a digest of it) with a scheme of the list (RFC 8446 §4.4.3). */
  sign(signatureScheme: string, input: Uint8Array): MaybePromise<Uint8Array>;
}

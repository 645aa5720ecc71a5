import type { Identity, KeyIdentity, RawPublicKeyIdentity, Signer } from '../identity.ts';
import type { CertificateSource, KeyPairSource, PfxSource, PrivateKeySource } from '../identity-source.ts';

/**
 * What `identity` may be where a context is made asynchronously. Besides what every backend takes, these are forms that `@org/tls-identity` reads, and
 * files, each by its `file:` URL.
 */
export type IdentityInput = Identity | PfxInput | KeyPairInput | SignerInput | RawKeyInput;

/** What an identity with certificates may carry, however it is given. */
type Carried = Omit<KeyIdentity, 'certificateChain' | 'rawPublicKey' | 'privateKey' | 'signer'>;
type ChainInput = CertificateSource | URL | readonly (string | Uint8Array | URL)[];

/** A PKCS#12 file, with its passphrase. */
export interface PfxInput extends Carried, Omit<PfxSource, 'pfx'> {
  /** The bytes of the file, Base64 of them, or its URL. */
  readonly pfx: PfxSource['pfx'] | URL;
}

/** A private key of any form, and the chain. */
export interface KeyPairInput extends Carried, Omit<KeyPairSource, 'privateKey' | 'certificateChain'> {
  readonly privateKey: PrivateKeySource | URL;
  /** Default: the certificates beside the private key, in the same PEM text or as the `x5c` of the same JWK. */
  readonly certificateChain?: ChainInput | undefined;
}

/** A key that signs elsewhere, and the chain out of a file. */
export interface SignerInput extends Carried {
  readonly signer: Signer;
  readonly certificateChain: ChainInput;
}

/** A key without a certificate (RFC 7250), of any form. */
export interface RawKeyInput
  extends Pick<RawPublicKeyIdentity, 'signatureSchemes'>, Pick<KeyPairSource, 'passphrase' | 'maxIterations'> {
  readonly rawPublicKey: string | Uint8Array | URL;
  readonly privateKey: PrivateKeySource | URL;
}

/** A configuration whose `identity` may be read asynchronously. */
export type WithIdentityInput<Config> = Omit<Config, 'identity'> & {
  readonly identity?: IdentityInput | readonly IdentityInput[];
};

import { isPromiseLike, isTlsError, TlsError, type Identity, type MaybePromise, type Signer } from '@org/tls-core';
import { equalBytes } from '../crypto/bytes.ts';
import type { CryptoProvider, PrivateKey, PublicKeyInfo } from '../crypto/provider.ts';
import { keyFitsScheme, signatureSchemes, type SignatureScheme } from '../crypto/signature-schemes.ts';
import { parseCertificate, type Certificate } from './certificate.ts';
import { decodePem } from './pem.ts';
import { parsePrivateKey } from './private-key.ts';

/** What we prove ourselves with, checked and ready. */
export interface LoadedIdentity {
  /** DER, leaf first, as it goes into the Certificate message. */
  readonly chain: readonly Uint8Array[];
  readonly leaf: Certificate;
  /** What it can sign with, in order of preference; TLS 1.2's included. */
  readonly signatureSchemes: readonly SignatureScheme[];
  /**
   * Signs `input`, not a digest of it.
   * @param signatureScheme IANA name, of `signatureSchemes`
   * @throws TlsError `ERR_TLS_API_MISUSE` on any other; whatever the identity's `signer` throws
   */
  sign(signatureScheme: string, input: Uint8Array): MaybePromise<Uint8Array>;
}

/**
 * Loads an identity. The private key is checked against the leaf certificate.
 * @throws TlsError (or rejects with) `ERR_TLS_IDENTITY` when the chain is empty or unreadable, the key cannot be used, is not the
 *   certificate's, or fits no signature scheme
 */
export function loadIdentity(identity: Identity, crypto: CryptoProvider): MaybePromise<LoadedIdentity> {
  const chain = readChain(identity.certificateChain);
  const leaf = readLeaf(chain);
  if (identity.signer !== undefined) return withSigner(chain, leaf, identity.signer);
  const key = crypto.importPrivateKey(parsePrivateKey(identity.privateKey));
  const spki = key.publicKeySpki;
  return isPromiseLike(spki) ? spki.then((value) => withKey(chain, leaf, key, value)) : withKey(chain, leaf, key, spki);
}

function withKey(chain: readonly Uint8Array[], leaf: Certificate, key: PrivateKey, spki: Uint8Array): LoadedIdentity {
  if (!equalBytes(spki, leaf.publicKey.spki))
    throw bad('the private key does not belong to the first certificate of the chain');
  const schemes = schemesOf(leaf.publicKey);
  if (schemes.length === 0) throw bad(`no signature scheme fits the key (${leaf.publicKey.type})`);
  return Object.freeze({
    chain,
    leaf,
    signatureSchemes: schemes,
    sign: (name: string, input: Uint8Array) => key.sign(schemeOf(schemes, name).algorithm, input),
  });
}

function withSigner(chain: readonly Uint8Array[], leaf: Certificate, signer: Signer): LoadedIdentity {
  const fitting = schemesOf(leaf.publicKey);
  const schemes = signer.signatureSchemes.flatMap((name) => fitting.filter((scheme) => scheme.name === name));
  if (schemes.length === 0) {
    const names = fitting.map(({ name }) => name).join(', ');
    throw bad(`the signer has no scheme for the certificate's key; it would need one of ${names}`);
  }
  return Object.freeze({
    chain,
    leaf,
    signatureSchemes: Object.freeze(schemes),
    sign: (name: string, input: Uint8Array) => signer.sign(schemeOf(schemes, name).name, input),
  });
}

function schemesOf(key: PublicKeyInfo): readonly SignatureScheme[] {
  return Object.freeze(signatureSchemes.filter((scheme) => keyFitsScheme(key, scheme)));
}

function schemeOf(schemes: readonly SignatureScheme[], wanted: string): SignatureScheme {
  const scheme = schemes.find(({ name }) => name === wanted);
  if (scheme === undefined) throw new TlsError('ERR_TLS_API_MISUSE', `sign: this identity cannot sign with ${wanted}`);
  return scheme;
}

function readChain(chain: Identity['certificateChain']): readonly Uint8Array[] {
  if (typeof chain !== 'string') return Object.freeze(chain.map((der) => der.slice()));
  return Object.freeze(
    decodePem(chain, 'ERR_TLS_IDENTITY')
      .filter(({ label }) => label === 'CERTIFICATE')
      .map(({ der }) => der),
  );
}

function readLeaf([leaf]: readonly Uint8Array[]): Certificate {
  if (leaf === undefined) throw bad('certificateChain holds no certificate');
  try {
    return parseCertificate(leaf, 'ERR_TLS_IDENTITY');
  } catch (error) {
    if (!isTlsError(error)) throw error;
    throw new TlsError('ERR_TLS_IDENTITY', `identity: the first certificate cannot be used: ${error.message}`, {
      cause: error,
    });
  }
}

function bad(message: string): TlsError {
  return new TlsError('ERR_TLS_IDENTITY', `identity: ${message}`);
}

import {
  isTlsError,
  TlsError,
  type CertificateType,
  type Identity,
  type MaybePromise,
  type Signer,
} from '@org/tls-core';
import { certificatesOfChain, decodePem, isPromiseLike, copyBytes, equalBytes } from '@org/tls-core/backend';
import {
  type CryptoProvider,
  type PrivateKey,
  type PublicKeyInfo,
  keyFitsScheme,
  keyFitsScheme12,
  signatureSchemes,
  type SignatureScheme,
} from '@org/tls-crypto';
import { decodeCertificateTimestamps } from '../wire/extensions/signed-certificate-timestamp.ts';
import { parseCertificate, type Certificate } from '@org/x509';
import { parsePrivateKey, parseSpki } from '@org/tls-crypto/keys';

/** What we prove ourselves with, checked and ready. */
export interface LoadedIdentity {
  readonly certificateType: CertificateType;
  /** As they go into the Certificate message: DER certificates, leaf first, or one SubjectPublicKeyInfo. */
  readonly entries: readonly Uint8Array[];
  readonly publicKey: PublicKeyInfo;
  /** DER-encoded names of the issuers of the chain's certificates. */
  readonly issuers: readonly Uint8Array[];
  /** What it can sign with in some version, in order of preference: not every one in every version. */
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly ocspResponse: Identity['ocspResponse'];
  readonly signedCertificateTimestamps: Uint8Array | undefined;
  readonly mustMatchIssuer: boolean;
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
  const proof = readProof(identity);
  checkTimestamps(identity);
  if (identity.signer !== undefined) return withSigner(identity, proof, identity.signer);
  const key = crypto.importPrivateKey(parsePrivateKey(identity.privateKey ?? ''));
  const spki = key.publicKeySpki;
  return isPromiseLike(spki)
    ? spki.then((value) => withKey(identity, proof, key, value))
    : withKey(identity, proof, key, spki);
}

function checkTimestamps({ signedCertificateTimestamps: list }: Identity): void {
  if (list === undefined) return;
  try {
    decodeCertificateTimestamps(list);
  } catch (cause) {
    throw new TlsError('ERR_TLS_IDENTITY', 'identity: signedCertificateTimestamps is no list of them', { cause });
  }
}

/** What the peer gets to see. */
type Proof = Pick<LoadedIdentity, 'certificateType' | 'entries' | 'publicKey' | 'issuers'>;

function readProof(identity: Identity): Proof {
  if (identity.rawPublicKey !== undefined) {
    const spki = readRawPublicKey(identity.rawPublicKey);
    return {
      certificateType: 'RawPublicKey',
      entries: [spki],
      publicKey: parseSpki(spki, 'ERR_TLS_IDENTITY'),
      issuers: [],
    };
  }
  const entries = Object.freeze(certificatesOfChain(identity.certificateChain));
  const { publicKey } = readLeaf(entries);
  return { certificateType: 'X509', entries, publicKey, issuers: entries.flatMap(issuerOf) };
}

/** A certificate of the chain that we cannot read may still serve the peer. */
function issuerOf(der: Uint8Array): readonly Uint8Array[] {
  try {
    return [parseCertificate(der).issuer.der];
  } catch {
    return [];
  }
}

function withKey(identity: Identity, proof: Proof, key: PrivateKey, spki: Uint8Array): LoadedIdentity {
  if (!equalBytes(spki, proof.publicKey.spki))
    throw bad('the private key does not belong to the first certificate of the chain');
  const schemes = chooseSchemes(identity, proof, schemesOf(proof.publicKey));
  return loaded(identity, proof, schemes, (name, input) => key.sign(schemeOf(schemes, name).algorithm, input));
}

function withSigner(identity: Identity, proof: Proof, signer: Signer): LoadedIdentity {
  const fitting = schemesOf(proof.publicKey);
  const able = signer.signatureSchemes.flatMap((name) => fitting.filter((scheme) => scheme.name === name));
  if (able.length === 0) {
    const names = fitting.map(({ name }) => name).join(', ');
    throw bad(`the signer has no scheme for the certificate's key; it would need one of ${names}`);
  }
  const schemes = chooseSchemes(identity, proof, able);
  return loaded(identity, proof, schemes, (name, input) => signer.sign(schemeOf(schemes, name).name, input));
}

function loaded(
  { ocspResponse, signedCertificateTimestamps, mustMatchIssuer = false }: Identity,
  proof: Proof,
  schemes: readonly SignatureScheme[],
  sign: LoadedIdentity['sign'],
): LoadedIdentity {
  return Object.freeze({
    ...proof,
    signatureSchemes: Object.freeze(schemes),
    ocspResponse,
    signedCertificateTimestamps,
    mustMatchIssuer,
    sign,
  });
}

/** The identity's own list, as far as its key can sign with it. */
function chooseSchemes(
  { signatureSchemes: wanted }: Identity,
  { publicKey }: Proof,
  able: readonly SignatureScheme[],
): readonly SignatureScheme[] {
  const schemes = wanted === undefined ? able : wanted.flatMap((name) => able.filter((scheme) => scheme.name === name));
  if (schemes.length === 0) throw bad(`no signature scheme fits the key (${publicKey.type})`);
  return schemes;
}

/** Those of the key's own curve stand before those that TLS 1.2 alone allows it. */
function schemesOf(key: PublicKeyInfo): readonly SignatureScheme[] {
  const everywhere = signatureSchemes.filter((scheme) => keyFitsScheme(key, scheme));
  const before = signatureSchemes.filter((scheme) => keyFitsScheme12(key, scheme) && !everywhere.includes(scheme));
  return Object.freeze([...everywhere, ...before]);
}

function schemeOf(schemes: readonly SignatureScheme[], wanted: string): SignatureScheme {
  const scheme = schemes.find(({ name }) => name === wanted);
  if (scheme === undefined) throw new TlsError('ERR_TLS_API_MISUSE', `sign: this identity cannot sign with ${wanted}`);
  return scheme;
}

function readRawPublicKey(key: string | Uint8Array): Uint8Array {
  if (typeof key !== 'string') return copyBytes(key);
  const [block] = decodePem(key, 'identity').filter(({ label }) => label === 'PUBLIC KEY');
  if (block === undefined) throw bad('rawPublicKey holds no public key');
  return block.der;
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

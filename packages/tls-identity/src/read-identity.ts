import type { KeyIdentity, SignerIdentity } from '@org/tls-core';
import { ownFields, propertyOf } from '@org/tls-core/backend';
import { signatureSchemes } from '@org/tls-crypto';
import type { Certificate } from '@org/x509';
import { inOrder, readableCertificates, readCertificates, type CertificateSource } from './chain.ts';
import { fault } from './identity-fault.ts';
import { certificatesOfJwk, type Jwk } from './jwk.ts';
import { certificatesOfKey, fits } from './key-match.ts';
import { Passphrase, type PassphraseSource } from './passphrase.ts';
import { readPkcs12, type NamedBytes } from './pkcs12.ts';
import { openKey, textOrSelf, type OpenedKey, type PrivateKeySource } from './private-key.ts';
import { sameBytes } from './same-bytes.ts';

/** Certificates with their private key. */
export interface KeyPairSource {
  readonly privateKey: PrivateKeySource;
  /** Default: the certificates beside the private key, in the same PEM text or as the `x5c` of the same JWK. */
  readonly certificateChain?: CertificateSource;
  readonly passphrase?: PassphraseSource;
  readonly pkcs12?: never;
  readonly friendlyName?: never;
}

/** A PKCS#12 file: `.p12`, `.pfx`, or the keystore that today's Java writes. */
export interface Pkcs12Source {
  readonly pkcs12: Uint8Array;
  /** Default: no passphrase, which is the same as an empty one. */
  readonly passphrase?: PassphraseSource;
  /** The name of the key to take where there are several; keytool calls it an alias. */
  readonly friendlyName?: string;
  readonly privateKey?: never;
  readonly certificateChain?: never;
}

/**
 * Reads an identity from wherever people have theirs, for either backend.
 *
 * The leaf is the certificate that the private key fits; the others are put into order behind it. Of a PKCS#12 file, which is a store, those
 * are taken that lead from the leaf to its root, and the root itself is left out.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when something cannot be read or decrypted, the key fits none of the certificates, a
 *   certificate of the chain does not belong to it, or which key is meant is not clear; whatever a passphrase function or a signer throws
 */
export async function readIdentity(given: KeyPairSource | Pkcs12Source): Promise<KeyIdentity | SignerIdentity> {
  const source = readFields(given);
  const passphrase = new Passphrase(source.passphrase);
  return source.pkcs12 === undefined ? fromKeyPair(source, passphrase) : fromPkcs12(source, passphrase);
}

const fields = ['privateKey', 'certificateChain', 'passphrase', 'pkcs12', 'friendlyName'] as const;

function readFields(given: KeyPairSource | Pkcs12Source): KeyPairSource | Pkcs12Source {
  if (typeof given !== 'object' || given === null) throw fault('expected an object that says what to read');
  const unknown = Object.keys(given).filter((name) => !fields.some((known) => known === name));
  if (unknown.length > 0) throw fault(`there is no option ${unknown.join(', ')}; there are ${fields.join(', ')}`);
  const source = ownFields<KeyPairSource | Pkcs12Source>(given, fields, 'identity');
  if ((source.pkcs12 === undefined) === (source.privateKey === undefined))
    throw fault('expected one of `privateKey` and `pkcs12`');
  if (source.pkcs12 !== undefined && source.certificateChain !== undefined)
    throw fault('`certificateChain` goes with `privateKey`; a PKCS#12 file has its own');
  if (source.pkcs12 === undefined && source.friendlyName !== undefined)
    throw fault('`friendlyName` goes with `pkcs12`');
  return source;
}

async function fromKeyPair(source: KeyPairSource, passphrase: Passphrase): Promise<KeyIdentity | SignerIdentity> {
  const keySource = textOrSelf(source.privateKey);
  const certificates = readCertificates(source.certificateChain ?? besideKey(keySource));
  const key = await openKey(keySource, passphrase);
  const [leaf] = await certificatesOfKey(key, certificates);
  if (leaf === undefined) throw fault(`the private key belongs to none of the ${certificates.length} certificates`);
  const { chain, others } = inOrder(leaf, certificates);
  const [stranger] = others;
  if (stranger !== undefined)
    throw fault(
      `certificate ${certificates.indexOf(stranger) + 1} of the chain does not lead from the leaf to its root`,
    );
  return identityOf(key, leaf, chain);
}

function besideKey(source: PrivateKeySource): CertificateSource {
  if (typeof source === 'string') return source;
  const isJwk = propertyOf(source, 'kty') !== undefined;
  const chain = isJwk ? certificatesOfJwk(source as Jwk) : [];
  if (chain.length === 0) throw fault('there is no `certificateChain`, and no certificate beside the private key');
  return chain;
}

async function fromPkcs12(source: Pkcs12Source, passphrase: Passphrase): Promise<KeyIdentity | SignerIdentity> {
  if (!(source.pkcs12 instanceof Uint8Array)) throw fault('pkcs12: expected bytes');
  const { certificates, privateKeys } = await readPkcs12(source.pkcs12, passphrase);
  const readable = readableCertificates(certificates.map(({ der }) => der));
  const pairs = await Promise.all(privateKeys.map((key) => pairOf(key, certificates, readable)));
  const { key, leaf } = choose(pairs, source.friendlyName);
  if (leaf === undefined) throw fault('the PKCS#12 file has no certificate for its private key');
  const { chain } = inOrder(leaf, readable);
  return identityOf(
    key,
    leaf,
    chain.filter((certificate) => certificate === leaf || !certificate.isSelfIssued),
  );
}

interface Pair {
  readonly key: OpenedKey;
  readonly leaf: Certificate | undefined;
  readonly names: readonly string[];
}

async function pairOf(
  { der, friendlyName }: NamedBytes,
  certificates: readonly NamedBytes[],
  readable: readonly Certificate[],
): Promise<Pair> {
  const key = { privateKey: der };
  const [leaf] = await certificatesOfKey(key, readable);
  const beside = certificates.find((certificate) => leaf !== undefined && sameBytes(certificate.der, leaf.der));
  const names = [friendlyName, beside?.friendlyName].filter((name) => name !== undefined);
  return { key, leaf, names: [...new Set(names)] };
}

function choose(pairs: readonly Pair[], friendlyName: string | undefined): Pair {
  const fitting = friendlyName === undefined ? pairs : pairs.filter(({ names }) => names.includes(friendlyName));
  const [pair] = fitting;
  const all = pairs.map(({ names }) => names.join(' / ') || '(no name)').join(', ');
  if (pairs.length === 0) throw fault('the PKCS#12 file has no private key');
  if (pair === undefined) throw fault(`the PKCS#12 file has no key of that friendlyName; it has ${all}`);
  if (fitting.length > 1)
    throw fault(`the PKCS#12 file has ${fitting.length} keys; say by friendlyName which to take: ${all}`);
  return pair;
}

/** @throws TlsError `ERR_TLS_IDENTITY` when TLS has no signature scheme for the key (RFC 8446 §4.2.3) */
function identityOf(key: OpenedKey, leaf: Certificate, chain: readonly Certificate[]): KeyIdentity | SignerIdentity {
  if (!signatureSchemes.some((scheme) => fits(leaf.publicKey, scheme)))
    throw fault(`no signature scheme fits the key (${leaf.publicKey.type})`);
  const certificateChain = Object.freeze(chain.map(({ der }) => der));
  return Object.freeze(
    key.signer === undefined
      ? { certificateChain, privateKey: key.privateKey }
      : { certificateChain, signer: key.signer },
  );
}

import type {
  CertificateSource,
  Jwk,
  KeyIdentity,
  KeyPairSource,
  PfxSource,
  PrivateKeySource,
  SignerIdentity,
} from '@org/tls-core';
import { ownFields, propertyOf } from '@org/tls-core/backend';
import { signatureSchemes } from '@org/tls-crypto';
import type { Certificate } from '@org/x509';
import { inOrder, readCertificates } from './chain.ts';
import { Effort } from './effort.ts';
import { fault } from './identity-fault.ts';
import { certificatesOfJwk } from './jwk.ts';
import { certificatesOfKey, fits } from './key-match.ts';
import { Passphrase } from './passphrase.ts';
import { pairOfPkcs12 } from './pkcs12-identity.ts';
import { openKey, textOrSelf, type OpenedKey, type Unlocking } from './private-key.ts';

/**
 * Reads an identity from wherever people have theirs, for either backend.
 *
 * The leaf is the certificate that the private key fits; the others are put into order behind it. Of a PKCS#12 file, which is a store, those
 * are taken that lead from the leaf to its root, and the root itself is left out.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when something cannot be read or decrypted, the key fits none of the certificates, a
 *   certificate of the chain does not belong to it, or which key is meant is not clear; whatever a passphrase function or a signer throws
 */
export async function readIdentity(given: KeyPairSource | PfxSource): Promise<KeyIdentity | SignerIdentity> {
  const source = readFields(given);
  const unlocking = { passphrase: new Passphrase(source.passphrase), effort: new Effort(source.maxIterations) };
  return source.pfx === undefined ? fromKeyPair(source, unlocking) : fromPkcs12(source, unlocking);
}

const fields = ['privateKey', 'certificateChain', 'passphrase', 'pfx', 'friendlyName', 'maxIterations'] as const;

function readFields(given: KeyPairSource | PfxSource): KeyPairSource | PfxSource {
  if (typeof given !== 'object' || given === null) throw fault('expected an object that says what to read');
  const unknown = Object.keys(given).filter((name) => !fields.some((known) => known === name));
  if (unknown.length > 0) throw fault(`there is no option ${unknown.join(', ')}; there are ${fields.join(', ')}`);
  const source = ownFields<KeyPairSource | PfxSource>(given, fields, 'identity');
  if ((source.pfx === undefined) === (source.privateKey === undefined))
    throw fault('expected one of `privateKey` and `pfx`');
  if (source.pfx !== undefined && source.certificateChain !== undefined)
    throw fault('`certificateChain` goes with `privateKey`; a PKCS#12 file has its own');
  if (source.friendlyName !== undefined && (source.pfx === undefined || typeof source.friendlyName !== 'string'))
    throw fault('`friendlyName` is text, and goes with `pfx`');
  return source;
}

async function fromKeyPair(source: KeyPairSource, unlocking: Unlocking): Promise<KeyIdentity | SignerIdentity> {
  const keySource = textOrSelf(source.privateKey);
  const certificates = await readCertificates(source.certificateChain ?? besideKey(keySource));
  const key = await openKey(keySource, unlocking);
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

async function fromPkcs12(
  { pfx, friendlyName }: PfxSource,
  unlocking: Unlocking,
): Promise<KeyIdentity | SignerIdentity> {
  if (!(pfx instanceof Uint8Array) && typeof pfx !== 'string') throw fault('pfx: expected bytes, or Base64 of them');
  const { privateKey, leaf, chain } = await pairOfPkcs12(pfx, friendlyName, unlocking);
  return identityOf({ privateKey }, leaf, chain);
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

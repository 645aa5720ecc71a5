import type { webcrypto } from 'node:crypto';
import { AlgorithmIdentifier, PrivateKeyInfo, PublicKeyInfo } from 'pkijs';
import { keyAlgorithmRow } from './key-algorithm.ts';
import type { KeyAlgorithm, SignatureHash } from './key-algorithm.ts';

/** A key with its two published encodings. */
export interface SigningKey {
  readonly algorithm: KeyAlgorithm;
  readonly publicKeyInfo: PublicKeyInfo;
  /** The private key as PKCS#8. */
  readonly privateKeyDer: Uint8Array;
  sign(signed: Uint8Array, hash: SignatureHash): Promise<Uint8Array>;
}

/** The owner of a key, which is a certificate of this package. */
export interface KeyOwner {
  readonly algorithm: KeyAlgorithm;
  readonly privateKeyDer: Uint8Array;
}

/** The keys of all certificates that were made here. With them another certificate can have the same key. */
export const keysByOwner = new WeakMap<KeyOwner, SigningKey>();

/** Makes a new key. */
export async function generateSigningKey(algorithm: KeyAlgorithm): Promise<SigningKey> {
  const row = keyAlgorithmRow(algorithm);
  const pair = await generate(row.generate);
  const spki = new Uint8Array(await subtle.exportKey('spki', pair.publicKey));
  const pkcs8 = new Uint8Array(await subtle.exportKey('pkcs8', pair.privateKey));
  const publicKeyInfo = PublicKeyInfo.fromBER(spki);
  if (row.keyOid !== undefined) publicKeyInfo.algorithm = new AlgorithmIdentifier({ algorithmId: row.keyOid });
  return {
    algorithm,
    publicKeyInfo,
    privateKeyDer: row.keyOid === undefined ? pkcs8 : renamed(pkcs8, row.keyOid),
    sign: (signed, hash) => row.sign(pkcs8, hash, signed),
  };
}

const { subtle } = globalThis.crypto;

async function generate(parameters: webcrypto.Algorithm): Promise<webcrypto.CryptoKeyPair> {
  const made: webcrypto.CryptoKey | webcrypto.CryptoKeyPair = await subtle.generateKey(
    parameters as webcrypto.EcKeyGenParams,
    true,
    ['sign', 'verify'],
  );
  if (!('privateKey' in made)) throw new TypeError(`${parameters.name} made no key pair`);
  return made;
}

/** Names another algorithm in a key, because WebCrypto writes rsaEncryption for every RSA key. */
function renamed(pkcs8: Uint8Array, oid: string): Uint8Array {
  const info = PrivateKeyInfo.fromBER(pkcs8);
  info.privateKeyAlgorithm = new AlgorithmIdentifier({ algorithmId: oid });
  return new Uint8Array(info.toSchema().toBER());
}

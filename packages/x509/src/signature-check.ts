import { isTlsError, type MaybePromise } from '@org/tls-core';
import { isPromiseLike } from '@org/tls-core/backend';
import type { CryptoProvider, PublicKey, PublicKeyInfo, SignatureAlgorithm } from '@org/tls-crypto';
import type { Certificate } from './certificate.ts';
import { pssKeyHash } from '@org/tls-crypto/keys';

/** An object that an issuer signs: a certificate, or a list of revoked ones. */
export type Signed = Pick<Certificate, 'signatureAlgorithm' | 'tbsCertificate' | 'signature'>;

/** What was proven and imported with one provider. It lives as long as the parsed certificates and keys, whose caches are bounded. */
interface ProviderMemory {
  readonly publicKeys: WeakMap<PublicKeyInfo, PublicKey>;
  /** For each certificate, the issuers' keys with which its signature was verified. */
  readonly verified: WeakMap<Signed, readonly PublicKeyInfo[]>;
}

const memories = new WeakMap<CryptoProvider, ProviderMemory>();

/** Tells whether this signature was verified before. */
export function isKnownSignature(certificate: Signed, issuerKey: PublicKeyInfo, crypto: CryptoProvider): boolean {
  return memories.get(crypto)?.verified.get(certificate)?.includes(issuerKey) ?? false;
}

/**
 * Verifies a certificate's signature with its issuer's key (RFC 5280 §6.1.3 (a)(1)) and remembers success.
 * @returns false also when the key does not fit the algorithm or is invalid
 */
export function checkSignature(
  certificate: Signed,
  issuerKey: PublicKeyInfo,
  crypto: CryptoProvider,
): MaybePromise<boolean> {
  const { algorithm } = certificate.signatureAlgorithm;
  if (algorithm === undefined || !mayVerify(issuerKey, algorithm)) return false;
  const memory = memoryOf(crypto);
  const publicKey = publicKeyOf(issuerKey, crypto, memory);
  if (publicKey === undefined) return false;
  const isValid = publicKey.verify(algorithm, certificate.tbsCertificate, certificate.signature);
  if (isPromiseLike(isValid)) return isValid.then((value) => remember(value, certificate, issuerKey, memory));
  return remember(isValid, certificate, issuerKey, memory);
}

/** A key that names a hash is good for that hash only (RFC 4055 §3.3). */
function mayVerify(key: PublicKeyInfo, algorithm: SignatureAlgorithm): boolean {
  if (key.type !== 'rsa-pss') return true;
  const hash = pssKeyHash(key.spki);
  return algorithm.type === 'rsa-pss' && (hash === undefined || hash === algorithm.hash);
}

function remember(
  isValid: boolean,
  certificate: Signed,
  issuerKey: PublicKeyInfo,
  { verified }: ProviderMemory,
): boolean {
  if (!isValid) return false;
  verified.set(certificate, [...(verified.get(certificate) ?? []), issuerKey]);
  return true;
}

function publicKeyOf(
  info: PublicKeyInfo,
  crypto: CryptoProvider,
  { publicKeys }: ProviderMemory,
): PublicKey | undefined {
  const known = publicKeys.get(info);
  if (known !== undefined) return known;
  try {
    const publicKey = crypto.importPublicKey(info);
    publicKeys.set(info, publicKey);
    return publicKey;
  } catch (error) {
    if (isTlsError(error) && error.family === 'certificate') return undefined;
    throw error;
  }
}

function memoryOf(crypto: CryptoProvider): ProviderMemory {
  const known = memories.get(crypto);
  if (known !== undefined) return known;
  const memory: ProviderMemory = { publicKeys: new WeakMap(), verified: new WeakMap() };
  memories.set(crypto, memory);
  return memory;
}

import { isPromiseLike, isTlsError, type MaybePromise } from '@org/tls-core';
import type { CryptoProvider, PublicKey } from '../crypto/provider.ts';
import type { Certificate } from './certificate.ts';

/** What one provider has proven and imported; it lives as long as the parsed certificates, whose cache is bounded. */
interface ProviderMemory {
  readonly publicKeys: WeakMap<Certificate, PublicKey>;
  /** For each certificate the issuers' keys that its signature was verified with. */
  readonly verified: WeakMap<Certificate, WeakSet<Certificate>>;
}

const memories = new WeakMap<CryptoProvider, ProviderMemory>();

/** Whether this signature was verified before. */
export function isKnownSignature(certificate: Certificate, issuer: Certificate, crypto: CryptoProvider): boolean {
  return memories.get(crypto)?.verified.get(certificate)?.has(issuer) ?? false;
}

/**
 * Verifies a certificate's signature with its issuer's key (RFC 5280 §6.1.3 (a)(1)) and remembers success.
 * @returns false also when the key does not fit the algorithm or is no valid key
 */
export function checkSignature(
  certificate: Certificate,
  issuer: Certificate,
  crypto: CryptoProvider,
): MaybePromise<boolean> {
  const { algorithm } = certificate.signatureAlgorithm;
  if (algorithm === undefined) return false;
  const memory = memoryOf(crypto);
  const publicKey = publicKeyOf(issuer, crypto, memory);
  if (publicKey === undefined) return false;
  const isValid = publicKey.verify(algorithm, certificate.tbsCertificate, certificate.signature);
  if (isPromiseLike(isValid)) return isValid.then((value) => remember(value, certificate, issuer, memory));
  return remember(isValid, certificate, issuer, memory);
}

function remember(
  isValid: boolean,
  certificate: Certificate,
  issuer: Certificate,
  { verified }: ProviderMemory,
): boolean {
  if (!isValid) return false;
  const issuers = verified.get(certificate);
  if (issuers === undefined) verified.set(certificate, new WeakSet([issuer]));
  else issuers.add(issuer);
  return true;
}

function publicKeyOf(
  issuer: Certificate,
  crypto: CryptoProvider,
  { publicKeys }: ProviderMemory,
): PublicKey | undefined {
  const known = publicKeys.get(issuer);
  if (known !== undefined) return known;
  try {
    const publicKey = crypto.importPublicKey(issuer.publicKey);
    publicKeys.set(issuer, publicKey);
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

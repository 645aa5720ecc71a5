import type { CryptoKeyLike, Signer } from '@org/tls-core';
import { derSignature } from '@org/tls-crypto/der';
import { fault, typed } from './identity-fault.ts';

type SubtleKey = Parameters<typeof globalThis.crypto.subtle.exportKey>[1];

/**
 * Gives the PKCS#8 of a key that is extractable, else a signer that uses the key where it is.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` on a public or secret key, on one that must not sign, and on one of an algorithm
 *   without a scheme
 */
export async function openCryptoKey(key: CryptoKeyLike): Promise<Uint8Array | Signer> {
  if (key.type !== 'private') throw fault(`expected a private CryptoKey, got a ${key.type} one`);
  const { subtle } = globalThis.crypto;
  if (key.extractable) {
    return typed('the CryptoKey cannot be exported', async () => {
      return new Uint8Array(await subtle.exportKey('pkcs8', key as SubtleKey));
    });
  }
  if (!key.usages.includes('sign')) throw fault('the CryptoKey must not be used to sign');
  const { schemes, parameters, isEcdsa = false } = rowOf(key);
  return {
    signatureSchemes: schemes,
    sign: async (_scheme, input) => {
      const signature = new Uint8Array(await subtle.sign(parameters, key as SubtleKey, Uint8Array.from(input)));
      return isEcdsa ? derSignature(signature) : signature;
    },
  };
}

interface Row {
  /** The schemes by IANA name. An RSA key has two, of which its certificate decides which one fits. */
  readonly schemes: readonly string[];
  readonly parameters: { readonly name: string; readonly hash?: string; readonly saltLength?: number };
  /** Whether signatures must be converted: WebCrypto writes r and s side by side, TLS has them in DER (RFC 8446 §4.2.3). */
  readonly isEcdsa?: true;
}

function rowOf({ algorithm }: CryptoKeyLike): Row {
  const { name, namedCurve, hash } = algorithm as { name: string; namedCurve?: string; hash?: { name: string } };
  const row = rows[[name, namedCurve ?? hash?.name].filter((part) => part !== undefined).join(' ')];
  if (row === undefined) throw fault(`a CryptoKey for ${name} is not supported`);
  return row;
}

function ecdsa(scheme: string, hash: string): Row {
  return { schemes: [scheme], parameters: { name: 'ECDSA', hash }, isEcdsa: true };
}

/** The salt is as long as the hash (RFC 8446 §4.2.3). */
function rsaPss(hash: string, saltLength: number): Row {
  const parameters = { name: 'RSA-PSS', saltLength };
  return { schemes: [`rsa_pss_rsae_${hash}`, `rsa_pss_pss_${hash}`], parameters };
}

function only(scheme: string, name: string): Row {
  return { schemes: [scheme], parameters: { name } };
}

const rows: Readonly<Record<string, Row>> = {
  'ECDSA P-256': ecdsa('ecdsa_secp256r1_sha256', 'SHA-256'),
  'ECDSA P-384': ecdsa('ecdsa_secp384r1_sha384', 'SHA-384'),
  'ECDSA P-521': ecdsa('ecdsa_secp521r1_sha512', 'SHA-512'),
  'RSA-PSS SHA-256': rsaPss('sha256', 32),
  'RSA-PSS SHA-384': rsaPss('sha384', 48),
  'RSA-PSS SHA-512': rsaPss('sha512', 64),
  // These serve TLS 1.2 only, as WebCrypto ties a key to one padding.
  'RSASSA-PKCS1-v1_5 SHA-256': only('rsa_pkcs1_sha256', 'RSASSA-PKCS1-v1_5'),
  'RSASSA-PKCS1-v1_5 SHA-384': only('rsa_pkcs1_sha384', 'RSASSA-PKCS1-v1_5'),
  'RSASSA-PKCS1-v1_5 SHA-512': only('rsa_pkcs1_sha512', 'RSASSA-PKCS1-v1_5'),
  Ed25519: only('ed25519', 'Ed25519'),
  'ML-DSA-44': only('mldsa44', 'ML-DSA-44'),
  'ML-DSA-65': only('mldsa65', 'ML-DSA-65'),
  'ML-DSA-87': only('mldsa87', 'ML-DSA-87'),
};

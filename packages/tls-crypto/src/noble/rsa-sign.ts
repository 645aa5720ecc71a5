import { TlsError } from '@org/tls-core';
import { DerReader, DerTag } from '../der/der-reader.ts';
import { derElement } from '../der/der-writer.ts';
import { assertKeyFitsAlgorithm } from '../provider-rules/key-use.ts';
import type { HashAlgorithm, PrivateKey, PrivateKeyInfo, SignatureAlgorithm } from '../provider.ts';

/**
 * Imports an RSA private key into WebCrypto, so that it signs asynchronously. noble has no RSA, and with JavaScript's big integers the time
 * of a signature would tell the key.
 */
export function importRsaPrivateKey({ type, pkcs8 }: PrivateKeyInfo): PrivateKey {
  const { rsaPrivateKey } = takeApart(pkcs8);
  // WebCrypto takes a key that is for RSASSA-PSS alone only as a plain RSA key.
  const plain = derElement(DerTag.sequence, version0, rsaEncryption, derElement(DerTag.octetString, rsaPrivateKey));
  const keys = new Map<string, Promise<WebCryptoKey>>();
  const publicKeySpki = rsaSpkiOf(pkcs8);
  return {
    info: { type },
    publicKeySpki,
    async sign(algorithm, input) {
      assertKeyFitsAlgorithm({ type, spki: publicKeySpki }, algorithm);
      const { name, hash } = webCryptoAlgorithm(algorithm);
      const id = `${name} ${hash}`;
      const pending = keys.get(id) ?? importKey(plain, name, hash);
      keys.set(id, pending);
      const parameters = name === 'RSA-PSS' ? { name, saltLength: saltLengths[hash] ?? 0 } : { name };
      return new Uint8Array(await globalThis.crypto.subtle.sign(parameters, await pending, new Uint8Array(input)));
    },
  };
}

/** Gives the SubjectPublicKeyInfo of an RSA private key, with the same algorithm and parameters. */
export function rsaSpkiOf(pkcs8: Uint8Array): Uint8Array {
  const { algorithmIdentifier, rsaPrivateKey } = takeApart(pkcs8);
  const publicKey = derElement(DerTag.bitString, Uint8Array.of(0), publicPart(rsaPrivateKey));
  return derElement(DerTag.sequence, algorithmIdentifier, publicKey);
}

/** WebCrypto's CryptoKey, under a name that the types of every runtime have. */
type WebCryptoKey = Awaited<ReturnType<typeof globalThis.crypto.subtle.importKey>>;

async function importKey(pkcs8: Uint8Array, name: string, hash: string): Promise<WebCryptoKey> {
  try {
    return await globalThis.crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), { name, hash }, false, ['sign']);
  } catch (cause) {
    throw new TlsError('ERR_TLS_IDENTITY', 'the RSA private key cannot be used', { cause });
  }
}

function webCryptoAlgorithm(algorithm: SignatureAlgorithm): { readonly name: string; readonly hash: string } {
  if (algorithm.type === 'rsa-pss') return { name: 'RSA-PSS', hash: hashNames[algorithm.hash] };
  if (algorithm.type === 'rsa-pkcs1') return { name: 'RSASSA-PKCS1-v1_5', hash: hashNames[algorithm.hash] };
  throw new TlsError('ERR_TLS_API_MISUSE', `sign: an RSA key does not sign with ${algorithm.type}`);
}

/** Takes a PrivateKeyInfo (RFC 5958 §2) and the RSAPrivateKey in it (RFC 8017 §A.1.2) apart. */
function takeApart(pkcs8: Uint8Array): {
  readonly algorithmIdentifier: Uint8Array;
  readonly rsaPrivateKey: Uint8Array;
} {
  const reader = new DerReader(pkcs8, 'PKCS#8 private key', 'ERR_TLS_IDENTITY').sequence();
  reader.integer();
  const algorithmIdentifier = derElement(DerTag.sequence, reader.contents(DerTag.sequence));
  return { algorithmIdentifier, rsaPrivateKey: reader.contents(DerTag.octetString) };
}

/** Gives the RSAPublicKey (RFC 8017 §A.1.1), which is the modulus and the publicExponent of the private key. */
function publicPart(rsaPrivateKey: Uint8Array): Uint8Array {
  const reader = new DerReader(rsaPrivateKey, 'RSAPrivateKey', 'ERR_TLS_IDENTITY').sequence();
  reader.integer();
  const modulus = reader.contents(DerTag.integer);
  const exponent = reader.contents(DerTag.integer);
  return derElement(DerTag.sequence, derElement(DerTag.integer, modulus), derElement(DerTag.integer, exponent));
}

const version0 = Uint8Array.of(2, 1, 0);
/** The AlgorithmIdentifier of rsaEncryption with NULL (RFC 8017 §A.1). */
const rsaEncryption = Uint8Array.of(0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0);
const hashNames: Readonly<Record<HashAlgorithm, string>> = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };
const saltLengths: Readonly<Record<string, number>> = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 };

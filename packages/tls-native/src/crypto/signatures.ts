import { TlsError } from '@org/tls-core';
import type { PrivateKey, PrivateKeyInfo, PublicKey, PublicKeyInfo, SignatureAlgorithm } from '@org/tls-crypto';
import { nodeCrypto } from '@org/tls-crypto/node';
import { assertKeyFitsAlgorithm, isUsableRsaKey, keyFitsAlgorithm } from '@org/tls-crypto/provider-rules';
import { HashNumber, PaddingNumber, type VerifyingKeyHandle } from '../border/crypto-addon.ts';
import { addon } from './library.ts';
import { ready, take } from './scratch.ts';

/** @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when the key is not on its curve or out of range */
export function importPublicKey(info: PublicKeyInfo): PublicKey {
  if (isMissing(info.type)) return nodeCrypto.importPublicKey(info);
  if ('modulus' in info && !isUsableRsaKey(info))
    throw new TlsError('ERR_TLS_CERTIFICATE_BAD', 'the certificate’s RSA key is out of range');
  const key = cached(info.spki);
  return {
    info,
    verify(algorithm, input, signature) {
      if (!keyFitsAlgorithm(info, algorithm)) return false;
      // A signature must be as long as the modulus (RFC 8017 §8.1.2, §8.2.2).
      if ('modulus' in info && signature.length !== info.modulus.length) return false;
      const { hash, padding } = formOf(algorithm);
      const readyInput = ready(input);
      return addon.verify(key, hash, padding, readyInput, ready(signature, readyInput));
    },
  };
}

/** @throws TlsError `ERR_TLS_IDENTITY` when the key cannot be used */
export function importPrivateKey(info: PrivateKeyInfo): PrivateKey {
  const { type, curve, pkcs8 } = info;
  if (isMissing(type)) return nodeCrypto.importPrivateKey(info);
  const key = addon.importSigningKey(ready(pkcs8), type === 'ec' ? 1 : 0);
  if (key === undefined) throw new TlsError('ERR_TLS_IDENTITY', 'the private key cannot be used');
  const publicKeySpki = take(addon.publicHalf(key));
  return {
    info: curve === undefined ? { type } : { type, curve },
    publicKeySpki,
    sign(algorithm, input) {
      assertKeyFitsAlgorithm({ type, spki: publicKeySpki }, algorithm);
      const { hash, padding } = formOf(algorithm);
      const length = addon.sign(key, hash, padding, ready(input));
      if (length === 0) throw new TlsError('ERR_TLS_IDENTITY', `the private key cannot sign with ${algorithm.type}`);
      return take(length);
    },
  };
}

/** Tells whether a type of key is one that this OpenSSL does not have: ML-DSA came with 3.5. */
function isMissing(type: PublicKeyInfo['type']): boolean {
  return type.startsWith('ml-dsa') && !addon.library.hasMlDsa;
}

interface Form {
  readonly hash: HashNumber | undefined;
  readonly padding: PaddingNumber;
}

function formOf(algorithm: SignatureAlgorithm): Form {
  if (!('hash' in algorithm)) return { hash: undefined, padding: PaddingNumber.none };
  const hash = HashNumber[algorithm.hash];
  if (algorithm.type === 'ecdsa') return { hash, padding: PaddingNumber.none };
  return { hash, padding: algorithm.type === 'rsa-pss' ? PaddingNumber.pss : PaddingNumber.pkcs1 };
}

/** Imported keys by their SubjectPublicKeyInfo. An import takes as long as a handshake's key exchange. */
const keys = new Map<string, VerifyingKeyHandle>();
const maxKeys = 1024;

function cached(spki: Uint8Array): VerifyingKeyHandle {
  const name = Buffer.from(spki.buffer, spki.byteOffset, spki.length).toString('latin1');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = addon.importVerifyingKey(ready(spki));
  if (key === undefined) throw new TlsError('ERR_TLS_CERTIFICATE_BAD', 'the certificate’s public key cannot be used');
  if (keys.size >= maxKeys) {
    const [oldest] = keys.keys();
    if (oldest !== undefined) keys.delete(oldest);
  }
  keys.set(name, key);
  return key;
}

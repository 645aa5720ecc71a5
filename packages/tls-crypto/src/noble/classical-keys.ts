import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { TlsError } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';
import { keyFitsAlgorithm } from '../provider-rules/key-use.ts';
import type { Curve, PrivateKey, PrivateKeyInfo, PublicKey, PublicKeyInfo, SignatureAlgorithm } from '../provider.ts';
import { isUsableRsaKey } from '../provider-rules/rsa-key.ts';
import { hash } from './hashes.ts';
import { isMlDsa } from '../provider-rules/ml-dsa-key.ts';
import { importRsaPrivateKey } from './rsa-sign.ts';
import { verifyPkcs1, verifyPss } from './rsa-verify.ts';

/** We hash ourselves, since hash and curve are independent in certificates. Both halves of a curve's signatures are accepted. */
const ecdsa = { prehash: false, lowS: false, format: 'der' } as const;

/**
 * @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when the key is not on its curve or out of range, `ERR_TLS_CERTIFICATE_UNSUPPORTED` on a key of
 *   ML-DSA
 */
export function importClassicalPublicKey(info: PublicKeyInfo): PublicKey {
  if (isMlDsa(info.type))
    throw new TlsError('ERR_TLS_CERTIFICATE_UNSUPPORTED', 'the certificate’s key is of ML-DSA, which is not here');
  checkPublicKey(info);
  return {
    info,
    verify(algorithm, input, signature) {
      try {
        return verifies(info, algorithm, input, signature);
      } catch {
        return false; // noble throws on a malformed signature
      }
    },
  };
}

/** @throws TlsError `ERR_TLS_IDENTITY` when the key cannot be used */
export function importClassicalPrivateKey(info: PrivateKeyInfo): PrivateKey {
  if (info.type === 'rsa' || info.type === 'rsa-pss') return importRsaPrivateKey(info);
  if (isMlDsa(info.type)) throw new TlsError('ERR_TLS_IDENTITY', 'the private key is of ML-DSA, which is not here');
  if (info.secret === undefined) throw new TlsError('ERR_TLS_IDENTITY', 'the private key holds no secret');
  const secret = copyBytes(info.secret);
  try {
    return info.curve === undefined ? ed25519PrivateKey(secret) : ecPrivateKey(info.curve, secret);
  } catch (cause) {
    throw new TlsError('ERR_TLS_IDENTITY', 'the private key is out of range', { cause });
  }
}

function checkPublicKey(info: PublicKeyInfo): void {
  if ('key' in info) return;
  try {
    if (info.type === 'ec') {
      curves[info.curve].Point.fromBytes(info.point).assertValidity();
      return;
    }
  } catch (cause) {
    throw new TlsError('ERR_TLS_CERTIFICATE_BAD', `the certificate’s public key is not on its curve`, { cause });
  }
  if (!isUsableRsaKey(info)) throw new TlsError('ERR_TLS_CERTIFICATE_BAD', 'the certificate’s RSA key is out of range');
}

function verifies(
  info: PublicKeyInfo,
  algorithm: SignatureAlgorithm,
  input: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!keyFitsAlgorithm(info, algorithm)) return false;
  if (info.type === 'ec') {
    return (
      algorithm.type === 'ecdsa' && curves[info.curve].verify(signature, hash(algorithm.hash, input), info.point, ecdsa)
    );
  }
  if ('key' in info) {
    // Ed25519 is verified by RFC 8032 §5.1.7, as most implementations read it, and not by the laxer rules of ZIP 215.
    return ed25519.verify(signature, input, info.key, { zip215: false });
  }
  if (algorithm.type === 'rsa-pkcs1') return verifyPkcs1(info, algorithm.hash, input, signature);
  return algorithm.type === 'rsa-pss' && verifyPss(info, algorithm.hash, input, signature);
}

function ecPrivateKey(curve: Curve, secret: Uint8Array): PrivateKey {
  const point = curves[curve].getPublicKey(secret, false);
  return {
    info: { type: 'ec', curve },
    publicKeySpki: Uint8Array.of(...spkiPrefix[curve], ...point),
    sign(algorithm, input) {
      if (algorithm.type !== 'ecdsa') throw misuse('ec', algorithm);
      // Fresh randomness is added to RFC 6979, so that neither a bad generator nor a hardware fault reveals the key.
      return curves[curve].sign(hash(algorithm.hash, input), secret, { ...ecdsa, extraEntropy: true });
    },
  };
}

function ed25519PrivateKey(secret: Uint8Array): PrivateKey {
  return {
    info: { type: 'ed25519' },
    publicKeySpki: Uint8Array.of(...ed25519SpkiPrefix, ...ed25519.getPublicKey(secret)),
    sign(algorithm, input) {
      if (algorithm.type !== 'ed25519') throw misuse('ed25519', algorithm);
      return ed25519.sign(input, secret);
    },
  };
}

function misuse(type: string, algorithm: SignatureAlgorithm): TlsError {
  return new TlsError('ERR_TLS_API_MISUSE', `a key of type ${type} cannot sign with ${algorithm.type}`);
}

const curves = { secp256r1: p256, secp384r1: p384, secp521r1: p521 } as const satisfies Readonly<
  Record<Curve, unknown>
>;

/** The DER of a SubjectPublicKeyInfo up to the point (RFC 5480 §2). */
const spkiPrefix: Readonly<Record<Curve, readonly number[]>> = {
  secp256r1: [
    0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7, 3,
    0x42, 0,
  ],
  secp384r1: [
    0x30, 0x76, 0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22, 3, 0x62, 0,
  ],
  secp521r1: [
    0x30, 0x81, 0x9b, 0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x23, 3, 0x81, 0x86,
    0,
  ],
};
/** The same bytes for Ed25519 (RFC 8410 §4). */
const ed25519SpkiPrefix: readonly number[] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

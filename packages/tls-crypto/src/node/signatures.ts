import {
  constants,
  createECDH,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
  type SignKeyObjectInput,
  type VerifyKeyObjectInput,
} from 'node:crypto';
import { TlsError } from '@org/tls-core';
import { noble } from '#noble';
import { rsaSpkiOf } from '../noble/rsa-sign.ts';
import { assertKeyFitsAlgorithm, keyFitsAlgorithm } from '../provider-rules/key-use.ts';
import { isMlDsa, mlDsaKeyOf } from '../provider-rules/ml-dsa-key.ts';
import type { Curve, PrivateKey, PrivateKeyInfo, PublicKey, PublicKeyInfo, SignatureAlgorithm } from '../provider.ts';
import { hasNodeCurve, opensslName } from './curves.ts';
import { isUsableRsaKey } from '../provider-rules/rsa-key.ts';
import { hasNodeMlDsa } from './ml-dsa.ts';
import { importSpki } from './public-key.ts';
import { hasNodePssKeys } from './rsa-pss.ts';

/** @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when the key is not on its curve or out of range */
export function importNodePublicKey(info: PublicKeyInfo): PublicKey {
  if (!hasNodeKeys(info.type, 'curve' in info ? info.curve : undefined))
    return noble.signatures().importNoblePublicKey(info);
  if ('modulus' in info && !isUsableRsaKey(info))
    throw new TlsError('ERR_TLS_CERTIFICATE_BAD', 'the certificate’s RSA key is out of range');
  const mlDsa = mlDsaKeyOf(info);
  if (mlDsa !== undefined && !hasNodeMlDsa()) {
    const { type, key } = mlDsa;
    return {
      info,
      verify: (algorithm, input, signature) =>
        algorithm.type === type && noble.mlDsa().verifyMlDsa(type, key, input, signature),
    };
  }
  const key = cached(info);
  return { info, verify: (algorithm, input, signature) => verifies(info, key, algorithm, input, signature) };
}

/** @throws TlsError `ERR_TLS_IDENTITY` when the key cannot be used */
export function importNodePrivateKey(info: PrivateKeyInfo): PrivateKey {
  const { type, curve, pkcs8, secret } = info;
  if (isMlDsa(type) && !hasNodeMlDsa()) return noble.mlDsa().importMlDsaPrivateKey(type, info);
  if (!hasNodeKeys(type, curve)) return noble.signatures().importNoblePrivateKey(info);
  const key = tryTo(
    () => {
      if (curve !== undefined && secret !== undefined) assertScalarInRange(curve, secret);
      return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    },
    (cause) => new TlsError('ERR_TLS_IDENTITY', 'the private key cannot be used', { cause }),
  );
  // Deno's export forgets to which hash a key for RSASSA-PSS is bound.
  const publicKeySpki =
    type === 'rsa-pss' ? rsaSpkiOf(pkcs8) : createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    info: curve === undefined ? { type } : { type, curve },
    publicKeySpki,
    sign(algorithm, input) {
      assertKeyFitsAlgorithm({ type, spki: publicKeySpki }, algorithm);
      return sign(digestOf(algorithm), input, withPadding(key, algorithm));
    },
  };
}

/** Tells whether node:crypto can use such keys. It is asked for what Bun's and Deno's lack; ML-DSA is a matter of Node's versions. */
function hasNodeKeys(type: PublicKeyInfo['type'], curve: Curve | undefined): boolean {
  if (type === 'rsa-pss') return hasNodePssKeys();
  return curve === undefined || hasNodeCurve(curve);
}

/**
 * Refuses a scalar that is 0 or not below the curve's order (SEC 1 §3.2.1): OpenSSL imports it from PKCS#8 without an error, but not here.
 */
function assertScalarInRange(curve: Curve, secret: Uint8Array): void {
  createECDH(opensslName(curve)).setPrivateKey(secret);
}

function verifies(
  info: PublicKeyInfo,
  key: KeyObject,
  algorithm: SignatureAlgorithm,
  input: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!keyFitsAlgorithm(info, algorithm)) return false;
  // A signature must be as long as the modulus (RFC 8017 §8.1.2, §8.2.2).
  if ('modulus' in info && signature.length !== info.modulus.length) return false;
  try {
    return verify(digestOf(algorithm), input, withPadding(key, algorithm), signature);
  } catch {
    return false;
  }
}

function digestOf(algorithm: SignatureAlgorithm): string | null {
  return 'hash' in algorithm ? algorithm.hash : null;
}

function withPadding(
  key: KeyObject,
  algorithm: SignatureAlgorithm,
): KeyObject | (SignKeyObjectInput & VerifyKeyObjectInput) {
  if (algorithm.type !== 'rsa-pss') return key; // ECDSA as DER and PKCS#1 v1.5 are the defaults
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

/** Imported keys by their SubjectPublicKeyInfo. An import takes up to 120 µs, as long as a handshake's key exchange. */
const keys = new Map<string, KeyObject>();
const maxKeys = 1024;

function cached(info: PublicKeyInfo): KeyObject {
  const name = Buffer.from(info.spki.buffer, info.spki.byteOffset, info.spki.length).toString('latin1');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = tryTo(
    () => importSpki(info.spki),
    (cause) => new TlsError('ERR_TLS_CERTIFICATE_BAD', 'the certificate’s public key cannot be used', { cause }),
  );
  if (keys.size >= maxKeys) {
    const [oldest] = keys.keys();
    if (oldest !== undefined) keys.delete(oldest);
  }
  keys.set(name, key);
  return key;
}

function tryTo<T>(action: () => T, failure: (cause: unknown) => TlsError): T {
  try {
    return action();
  } catch (cause) {
    throw failure(cause);
  }
}

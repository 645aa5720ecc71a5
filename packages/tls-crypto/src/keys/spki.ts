import { TlsError } from '@org/tls-core';
import { pointLength, uncompressedPoint } from '../key-exchange.ts';
import type { Curve, HashAlgorithm, MlDsa, PublicKeyInfo } from '../provider.ts';
import { DerReader, DerTag, type DerErrorCode } from '../der/der-reader.ts';
import { Oid } from '../der/object-identifier.ts';
import { algorithmName } from './algorithm-name.ts';
import { readPssParameters } from './signature-algorithm.ts';

export const curveByOid: Readonly<Record<string, Curve>> = {
  [Oid.secp256r1]: 'secp256r1',
  [Oid.secp384r1]: 'secp384r1',
  [Oid.secp521r1]: 'secp521r1',
};

export const mlDsaByOid = {
  [Oid.mlDsa44]: 'ml-dsa-44',
  [Oid.mlDsa65]: 'ml-dsa-65',
  [Oid.mlDsa87]: 'ml-dsa-87',
} as const satisfies Readonly<Record<string, MlDsa>>;

/** The lengths of keys in bytes (FIPS 204 §4, table 2). */
export const mlDsaLengths: Readonly<Record<MlDsa, { readonly publicKey: number; readonly expandedKey: number }>> = {
  'ml-dsa-44': { publicKey: 1312, expandedKey: 2560 },
  'ml-dsa-65': { publicKey: 1952, expandedKey: 4032 },
  'ml-dsa-87': { publicKey: 2592, expandedKey: 4896 },
};

/**
 * Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). Whether the point is on its curve is checked later, by the crypto provider.
 * @throws TlsError `code` on bad DER or parameters, `ERR_TLS_CERTIFICATE_UNSUPPORTED` on another algorithm, curve or point form
 */
export function parseSpki(spki: Uint8Array, code: DerErrorCode = 'ERR_TLS_CERTIFICATE_BAD'): PublicKeyInfo {
  const outer = new DerReader(spki, 'SubjectPublicKeyInfo', code);
  const reader = outer.sequence();
  outer.end();
  const algorithm = reader.sequence();
  const key = reader.bitStringOctets();
  reader.end();
  const oid = algorithm.objectIdentifier();
  switch (oid) {
    case Oid.ecPublicKey:
      return readEcKey(algorithm, key, spki);
    case Oid.rsaEncryption:
      algorithm.null(); // the parameters are NULL (RFC 3279 §2.3.1)
      algorithm.end();
      return { type: 'rsa', ...readRsaKey(reader.within(key, 'RSAPublicKey')), spki };
    case Oid.rsassaPss:
      if (!algorithm.isAtEnd && readPssParameters(algorithm) === undefined)
        throw unsupported('RSASSA-PSS key with these parameters');
      algorithm.end();
      return { type: 'rsa-pss', ...readRsaKey(reader.within(key, 'RSAPublicKey')), spki };
    case Oid.ed25519:
      algorithm.end(); // there must be no parameters (RFC 8410 §3)
      if (key.length !== 32) throw reader.fault(`an Ed25519 key of ${key.length} bytes`);
      return { type: 'ed25519', key, spki };
    case Oid.mlDsa44:
    case Oid.mlDsa65:
    case Oid.mlDsa87: {
      const type = mlDsaByOid[oid];
      algorithm.end(); // there must be no parameters (RFC 9881 §4)
      if (key.length !== mlDsaLengths[type].publicKey) throw reader.fault(`an ML-DSA key of ${key.length} bytes`);
      return { type, key, spki };
    }
    default:
      throw unsupported(`key of ${algorithmName(oid)}`);
  }
}

/**
 * Gives the only hash with which an RSASSA-PSS key may be used (RFC 4055 §3.3).
 * @param spki a key that `parseSpki` accepted
 * @returns `undefined` where every hash is allowed
 */
export function pssKeyHash(spki: Uint8Array): HashAlgorithm | undefined {
  const algorithm = new DerReader(spki, 'SubjectPublicKeyInfo').sequence().sequence();
  algorithm.objectIdentifier();
  const parameters = algorithm.isAtEnd ? undefined : readPssParameters(algorithm);
  return parameters?.type === 'rsa-pss' ? parameters.hash : undefined;
}

function readEcKey(algorithm: DerReader, point: Uint8Array, spki: Uint8Array): PublicKeyInfo {
  // The curve must be named (RFC 5480 §2.1.1): explicit parameters would let an attacker choose the generator.
  if (algorithm.peek() !== DerTag.objectIdentifier) throw unsupported('EC key without a named curve');
  const oid = algorithm.objectIdentifier();
  algorithm.end();
  const curve = curveByOid[oid];
  if (curve === undefined) throw unsupported(`EC key on ${algorithmName(oid)}`);
  // TLS 1.3 allows only the uncompressed form (RFC 8446 §4.2.8.2).
  if (point[0] !== uncompressedPoint || point.length !== pointLength(curve))
    throw unsupported('EC point that is not in uncompressed form');
  return { type: 'ec', curve, point, spki };
}

function readRsaKey(outer: DerReader): { readonly modulus: Uint8Array; readonly exponent: Uint8Array } {
  const reader = outer.sequence();
  outer.end();
  const modulus = reader.positiveInteger();
  const exponent = reader.positiveInteger();
  reader.end();
  return { modulus, exponent };
}

function unsupported(what: string): TlsError {
  return new TlsError('ERR_TLS_CERTIFICATE_UNSUPPORTED', `SubjectPublicKeyInfo: ${what} is not supported`);
}

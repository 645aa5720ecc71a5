import { TlsError } from '@org/tls-core';
import { decryptHint, privateKeyInPem, copyBytes } from '@org/tls-core/backend';
import type { Curve, MlDsa, PrivateKeyInfo } from '../provider.ts';
import { contextTag, DerReader, DerTag } from '../der/der-reader.ts';
import { derElement } from '../der/der-writer.ts';
import { Oid } from '../der/object-identifier.ts';
import { algorithmName } from './algorithm-name.ts';
import { curveByOid, mlDsaByOid, mlDsaLengths } from './spki.ts';
import { maxModulusBits } from './rsa-modulus.ts';
import { fieldLength } from '../key-exchange.ts';

/**
 * Reads a private key: PKCS#8 (RFC 5958), SEC1 (RFC 5915) or PKCS#1 (RFC 8017 §A.1.2), as PEM text with one key or as DER.
 * @throws TlsError `ERR_TLS_IDENTITY` when it is none of these, encrypted, or of an algorithm that TLS has no scheme for
 */
export function parsePrivateKey(key: string | Uint8Array): PrivateKeyInfo {
  return typeof key === 'string' ? fromPem(key) : fromDer(copyBytes(key));
}

function fromPem(text: string): PrivateKeyInfo {
  const { label, der } = privateKeyInPem(text);
  switch (label) {
    case 'PRIVATE KEY':
      return fromPkcs8(der);
    case 'EC PRIVATE KEY':
      return fromPkcs8(wrapSec1(der));
    case 'RSA PRIVATE KEY':
      return fromPkcs8(wrapPkcs1(der));
    default:
      throw bad(
        `a PEM block of label ${label} is not supported; convert it with \`openssl pkey -in key.pem -out plain.pem\``,
      );
  }
}

/** Reads a key in DER. The three forms differ in their second element: it is an AlgorithmIdentifier, an OCTET STRING, or an INTEGER. */
function fromDer(der: Uint8Array): PrivateKeyInfo {
  const reader = open(der, 'private key');
  if (reader.peek() === DerTag.sequence) throw encrypted();
  reader.integer();
  const second = reader.peek();
  if (second === DerTag.sequence) return fromPkcs8(der);
  if (second === DerTag.octetString) return fromPkcs8(wrapSec1(der));
  if (second === DerTag.integer) return fromPkcs8(wrapPkcs1(der));
  throw bad('expected PKCS#8, SEC1 or PKCS#1');
}

function fromPkcs8(pkcs8: Uint8Array): PrivateKeyInfo {
  const reader = open(pkcs8, 'PrivateKeyInfo');
  if (reader.peek() === DerTag.sequence) throw encrypted();
  const version = reader.smallInteger();
  if (version > 1) throw bad(`PrivateKeyInfo: version ${version}`);
  const algorithm = reader.sequence();
  const privateKey = reader.contents(DerTag.octetString);
  if (reader.peek() === contextTag(0, true)) reader.any();
  if (version === 1 && reader.peek() === contextTag(1, false)) reader.any();
  reader.end();
  const oid = algorithm.objectIdentifier();
  switch (oid) {
    case Oid.rsaEncryption:
      algorithm.null();
      algorithm.end();
      checkRsa(privateKey);
      return { type: 'rsa', pkcs8 };
    case Oid.rsassaPss:
      if (!algorithm.isAtEnd) algorithm.sequence();
      algorithm.end();
      checkRsa(privateKey);
      return { type: 'rsa-pss', pkcs8 };
    case Oid.ecPublicKey: {
      const curve = readCurve(algorithm);
      algorithm.end();
      return { type: 'ec', curve, pkcs8, secret: readSec1(privateKey, curve).secret };
    }
    case Oid.ed25519: {
      algorithm.end();
      const inner = new DerReader(privateKey, 'CurvePrivateKey', 'ERR_TLS_IDENTITY');
      const secret = inner.contents(DerTag.octetString);
      inner.end();
      if (secret.length !== 32) throw bad(`an Ed25519 key has 32 bytes, got ${secret.length}`);
      return { type: 'ed25519', pkcs8, secret };
    }
    case Oid.mlDsa44:
    case Oid.mlDsa65:
    case Oid.mlDsa87: {
      algorithm.end();
      const type = mlDsaByOid[oid];
      return { type, pkcs8, ...readMlDsa(privateKey, type) };
    }
    default:
      throw bad(
        `a private key of ${algorithmName(oid)} is not supported; use ECDSA (P-256, P-384, P-521), Ed25519 or RSA`,
      );
  }
}

const mlDsaSeedLength = 32;

/** Reads an ML-DSA-PrivateKey (RFC 9881 §6), which is a seed, an expanded key, or both. */
function readMlDsa(der: Uint8Array, type: MlDsa): Pick<PrivateKeyInfo, 'secret' | 'expandedKey'> {
  const reader = new DerReader(der, 'ML-DSA-PrivateKey', 'ERR_TLS_IDENTITY');
  const tag = reader.peek();
  const expandedLength = mlDsaLengths[type].expandedKey;
  if (tag === contextTag(0, false)) return { secret: exactly(lastOf(reader, tag), mlDsaSeedLength) };
  if (tag === DerTag.octetString) return { secret: exactly(lastOf(reader, tag), expandedLength) };
  const both = reader.sequence();
  reader.end();
  const secret = exactly(both.contents(DerTag.octetString), mlDsaSeedLength);
  const expandedKey = exactly(both.contents(DerTag.octetString), expandedLength);
  both.end();
  return { secret, expandedKey };
}

function lastOf(reader: DerReader, tag: number): Uint8Array {
  const contents = reader.contents(tag);
  reader.end();
  return contents;
}

function exactly(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw bad(`ML-DSA: expected ${length} bytes, got ${bytes.length}`);
  return bytes;
}

/** Reads an ECPrivateKey (RFC 5915 §3). The curve may be named inside, outside, or in both places. */
function readSec1(der: Uint8Array, outerCurve?: Curve): { readonly curve: Curve; readonly secret: Uint8Array } {
  const reader = open(der, 'ECPrivateKey');
  if (reader.smallInteger() !== 1) throw bad('ECPrivateKey: expected version 1');
  const scalar = reader.contents(DerTag.octetString);
  const parameters = reader.enterOptional(contextTag(0, true));
  const innerCurve = parameters === undefined ? undefined : readCurve(parameters);
  parameters?.end();
  const publicKey = reader.enterOptional(contextTag(1, true));
  publicKey?.bitStringOctets();
  publicKey?.end();
  reader.end();
  const curve = outerCurve ?? innerCurve;
  if (curve === undefined) throw bad('ECPrivateKey: no curve is named');
  if (innerCurve !== undefined && innerCurve !== curve)
    throw bad(`ECPrivateKey: curve ${innerCurve} in a key on ${curve}`);
  return { curve, secret: padScalar(scalar, fieldLength[curve]) };
}

function padScalar(scalar: Uint8Array, length: number): Uint8Array {
  // Some writers drop leading zeros and some add one, though RFC 5915 §3 wants exactly the field's length.
  const surplus = Math.max(0, scalar.length - length);
  if (scalar.length === 0 || scalar.subarray(0, surplus).some((octet) => octet !== 0))
    throw bad(`ECPrivateKey: ${scalar.length} bytes where ${length} are`);
  const secret = new Uint8Array(length);
  secret.set(scalar.subarray(surplus), length - (scalar.length - surplus));
  return secret;
}

function readCurve(reader: DerReader): Curve {
  if (reader.peek() !== DerTag.objectIdentifier) throw bad('an EC key without a named curve is not supported');
  const oid = reader.objectIdentifier();
  const curve = curveByOid[oid];
  if (curve === undefined) throw bad(`an EC key on ${algorithmName(oid)} is not supported; use P-256, P-384 or P-521`);
  return curve;
}

/** Checks the form of an RSAPrivateKey (RFC 8017 §A.1.2), which is a version and eight numbers of which none is longer than the first. */
function checkRsa(der: Uint8Array): void {
  const reader = open(der, 'RSAPrivateKey');
  if (reader.smallInteger() !== 0) throw bad('RSAPrivateKey: multi-prime keys are not supported');
  const { length } = reader.positiveInteger();
  if (8 * length > maxModulusBits)
    throw bad(`an RSA key of ${8 * length} bits is not supported; it has ${maxModulusBits} at most`);
  for (let count = 1; count < 8; count += 1)
    if (reader.positiveInteger().length > length) throw bad('RSAPrivateKey: a number that is longer than the modulus');
  reader.end();
}

function wrapSec1(der: Uint8Array): Uint8Array {
  const { curve } = readSec1(der);
  return wrap(derElement(DerTag.sequence, oidBytes.ecPublicKey, oidBytes[curve]), der);
}

function wrapPkcs1(der: Uint8Array): Uint8Array {
  return wrap(derElement(DerTag.sequence, oidBytes.rsaEncryption, Uint8Array.of(DerTag.null, 0)), der);
}

/** Writes a PrivateKeyInfo of version 0 (RFC 5958 §2). */
function wrap(algorithm: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const version = Uint8Array.of(DerTag.integer, 1, 0);
  return derElement(DerTag.sequence, version, algorithm, derElement(DerTag.octetString, privateKey));
}

function open(der: Uint8Array, what: string): DerReader {
  const outer = new DerReader(der, what, 'ERR_TLS_IDENTITY');
  const reader = outer.sequence();
  outer.end();
  return reader;
}

function bad(message: string): TlsError {
  return new TlsError('ERR_TLS_IDENTITY', `private key: ${message}`);
}

function encrypted(): TlsError {
  return bad(`it is encrypted; ${decryptHint}`);
}

const oidBytes: Readonly<Record<'ecPublicKey' | 'rsaEncryption' | Curve, Uint8Array>> = {
  ecPublicKey: Uint8Array.of(6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1),
  rsaEncryption: Uint8Array.of(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1),
  secp256r1: Uint8Array.of(6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7),
  secp384r1: Uint8Array.of(6, 5, 0x2b, 0x81, 4, 0, 0x22),
  secp521r1: Uint8Array.of(6, 5, 0x2b, 0x81, 4, 0, 0x23),
};

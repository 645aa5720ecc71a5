import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/**
 * Whether public keys are given to Node as text. Since Node 24 it finds out by exceptions, which it catches, that an object is neither a KeyObject nor a
 * CryptoKey. One key costs four of them, with their stack traces, which take longer than to read PEM. Before, other forms are read faster.
 */
const wantsText = Number.parseInt(process.versions.node, 10) >= 24;

/**
 * Imports a public key.
 * @param spki a SubjectPublicKeyInfo in DER, which is not kept
 * @throws Error of OpenSSL when there is no such key
 */
export function importSpki(spki: Uint8Array): KeyObject {
  return wantsText
    ? createPublicKey(pem(asBuffer(spki)))
    : createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}

/**
 * Imports a public key of X25519.
 * @param key 32 bytes
 */
export function importX25519(key: Uint8Array): KeyObject {
  if (wantsText) return createPublicKey(pem(Buffer.concat([x25519SpkiHeader, key])));
  const jwk: JsonWebKey = { kty: 'OKP', crv: 'X25519', x: asBuffer(key).toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function pem(spki: Buffer): string {
  return `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----`;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The DER of a SubjectPublicKeyInfo up to the key (RFC 8410 §4). */
const x25519SpkiHeader = Buffer.from('302a300506032b656e032100', 'hex');

import type { Jwk } from '@org/tls-core';
import { fault, quoted, typed } from './identity-fault.ts';

/** Gives WebCrypto's algorithm for a key, and the members that the key consists of (RFC 7518 §6, RFC 8037 §2). */
function rowOf({ kty, crv = '' }: Jwk): { readonly algorithm: Algorithm; readonly members: readonly string[] } {
  if (kty === 'EC' && curves.includes(crv))
    return { algorithm: { name: 'ECDSA', namedCurve: crv }, members: ['crv', 'x', 'y', 'd'] };
  if (kty === 'OKP' && crv === 'Ed25519') return { algorithm: { name: 'Ed25519' }, members: ['crv', 'x', 'd'] };
  if (kty === 'RSA')
    return {
      algorithm: { name: 'RSA-PSS', hash: 'SHA-256' },
      members: ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'],
    };
  const curve = crv === '' ? '' : `, ${quoted(crv)},`;
  throw fault(
    `a JWK of type ${quoted(kty)}${curve} is not supported; use EC (${curves.join(', ')}), OKP (Ed25519), RSA or AKP`,
  );
}

const curves: readonly string[] = ['P-256', 'P-384', 'P-521'];
/** The longest member, in characters: a number of 8,192 bits has 1,366. */
const maxMember = 2048;

interface Algorithm {
  readonly name: string;
  readonly namedCurve?: string;
  readonly hash?: string;
}

/**
 * Gives the PKCS#8 of a private JWK. It does not look at `use`, `key_ops` and `ext`, which say what the key may be used for.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when the JWK is no private key, or one that is not supported
 */
export async function pkcs8OfJwk(jwk: Jwk): Promise<Uint8Array> {
  if (jwk.kty === 'AKP') return pkcs8OfMlDsa(jwk);
  const { algorithm, members } = rowOf(jwk);
  const missing = members.filter((name) => typeof jwk[name] !== 'string');
  if (missing.includes('d')) throw fault('the JWK has no private key: there is no `d`');
  if (missing.length > 0) throw fault(`the JWK lacks ${missing.join(', ')}`);
  const long = members.find((name) => String(jwk[name]).length > maxMember);
  if (long !== undefined) throw fault(`the JWK has more than ${maxMember} characters as its ${long}`);
  const bare = Object.fromEntries([['kty', jwk.kty], ...members.map((name) => [name, jwk[name]])]) as object;
  return typed('the JWK is no usable key', async () => {
    const { subtle } = globalThis.crypto;
    const key = await subtle.importKey('jwk', bare, algorithm, true, ['sign']);
    return new Uint8Array(await subtle.exportKey('pkcs8', key));
  });
}

/** The last octet of an ML-DSA's object identifier (RFC 9881 §2), by the JWK's `alg`. */
const mlDsa: Readonly<Record<string, number>> = { 'ML-DSA-44': 0x11, 'ML-DSA-65': 0x12, 'ML-DSA-87': 0x13 };

/**
 * Writes the PKCS#8 of an ML-DSA key by hand, as few WebCryptos have ML-DSA yet: the DER around a seed of 32 bytes never
 * changes (RFC 9881 §6).
 */
function pkcs8OfMlDsa({ alg = '', priv }: Jwk): Uint8Array {
  const last = mlDsa[alg];
  if (last === undefined) throw fault(`a JWK of type AKP, ${quoted(alg)}, is not supported`);
  if (typeof priv !== 'string') throw fault('the JWK has no private key: there is no `priv`');
  const seed = fromBase64(priv);
  if (seed.length !== 32) throw fault(`the JWK has a seed of ${seed.length} bytes, not 32`);
  const algorithm = [0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, last];
  return Uint8Array.of(0x30, 0x34, 0x02, 0x01, 0x00, ...algorithm, 0x04, 0x22, 0x80, 0x20, ...seed);
}

/** Gives the certificate chain that a JWK carries. */
export function certificatesOfJwk({ x5c = [] }: Jwk): readonly Uint8Array[] {
  if (!Array.isArray(x5c) || x5c.some((each) => typeof each !== 'string'))
    throw fault('the x5c of the JWK is no list of text');
  return x5c.map(fromBase64);
}

/** Reads Base64 in either alphabet, with padding or without. */
function fromBase64(text: string): Uint8Array {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/');
  if (!/^[\dA-Za-z+/]*={0,2}$/u.test(standard)) throw fault('the JWK has something else where Base64 must be');
  try {
    return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw fault('the JWK has something else where Base64 must be', cause);
  }
}

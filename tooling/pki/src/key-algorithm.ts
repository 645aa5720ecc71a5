import type { webcrypto } from 'node:crypto';
import { AlgorithmIdentifier, RSASSAPSSParams } from 'pkijs';
import { BitString, Integer, Null, Sequence } from 'asn1js';

/** The hash of a signature. SHA-1 is for certificates that must be refused. */
export type SignatureHash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
/** How the parameters of a signature's algorithm are written: left out, or as NULL (RFC 4055 §5, RFC 5758 §3.2). */
export type SignatureParameters = 'absent' | 'null';
/** The algorithm of a key. `rsa-1024` is for certificates that must be refused, `rsa-4096` for operations that must take long. */
export type KeyAlgorithm =
  | 'rsa-1024'
  | 'ecdsa-p256'
  | 'ecdsa-p384'
  | 'ecdsa-p521'
  | 'rsa-2048'
  | 'rsa-4096'
  | 'rsa-pss-2048'
  | 'ed25519';

/** How one kind of key is made and how it signs. Nothing outside this file distinguishes the kinds. */
export interface KeyAlgorithmRow {
  readonly generate: webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams | webcrypto.Algorithm;
  readonly defaultHash: SignatureHash;
  /** The algorithm that SubjectPublicKeyInfo and PKCS#8 must name in place of the one that WebCrypto writes. */
  readonly keyOid?: string;
  /** Signs. `privateKey` is WebCrypto's PKCS#8: it is imported for each signature, as WebCrypto ties RSA keys to one hash. */
  sign(privateKey: Uint8Array, hash: SignatureHash, signed: Uint8Array): Promise<Uint8Array>;
  signatureAlgorithm(hash: SignatureHash): AlgorithmIdentifier;
}

/** Gives the algorithm of a signature, whose parameters may be others than usual. */
export function signatureAlgorithm(
  row: KeyAlgorithmRow,
  hash: SignatureHash,
  parameters?: SignatureParameters,
): AlgorithmIdentifier {
  const { algorithmId, algorithmParams } = row.signatureAlgorithm(hash);
  const chosen = parameters === undefined ? algorithmParams : parameters === 'null' ? new Null() : undefined;
  return new AlgorithmIdentifier({ algorithmId, ...(chosen !== undefined && { algorithmParams: chosen }) });
}

/** Gives the row of an algorithm. */
export function keyAlgorithmRow(algorithm: KeyAlgorithm): KeyAlgorithmRow {
  return rows[algorithm];
}

const { subtle } = globalThis.crypto;
const publicExponent = new Uint8Array([1, 0, 1]);
const rsaPssOid = '1.2.840.113549.1.1.10';
const mgf1Oid = '1.2.840.113549.1.1.8';

const hashes: Readonly<Record<SignatureHash, { oid: string; length: number; ecdsaOid: string; rsaOid: string }>> = {
  'SHA-1': {
    oid: '1.3.14.3.2.26',
    length: 20,
    ecdsaOid: '1.2.840.10045.4.1',
    rsaOid: '1.2.840.113549.1.1.5',
  },
  'SHA-256': {
    oid: '2.16.840.1.101.3.4.2.1',
    length: 32,
    ecdsaOid: '1.2.840.10045.4.3.2',
    rsaOid: '1.2.840.113549.1.1.11',
  },
  'SHA-384': {
    oid: '2.16.840.1.101.3.4.2.2',
    length: 48,
    ecdsaOid: '1.2.840.10045.4.3.3',
    rsaOid: '1.2.840.113549.1.1.12',
  },
  'SHA-512': {
    oid: '2.16.840.1.101.3.4.2.3',
    length: 64,
    ecdsaOid: '1.2.840.10045.4.3.4',
    rsaOid: '1.2.840.113549.1.1.13',
  },
};

function ecdsa(namedCurve: string, defaultHash: SignatureHash): KeyAlgorithmRow {
  const generate = { name: 'ECDSA', namedCurve };
  return {
    generate,
    defaultHash,
    async sign(privateKey, hash, signed) {
      const key = await subtle.importKey('pkcs8', privateKey, generate, false, ['sign']);
      return ecdsaSignatureDer(new Uint8Array(await subtle.sign({ name: 'ECDSA', hash }, key, signed)));
    },
    signatureAlgorithm: (hash) => new AlgorithmIdentifier({ algorithmId: hashes[hash].ecdsaOid }),
  };
}

function rsaPkcs1(modulusLength: number): KeyAlgorithmRow {
  const name = 'RSASSA-PKCS1-v1_5';
  return {
    generate: { name, modulusLength, publicExponent, hash: 'SHA-256' },
    defaultHash: 'SHA-256',
    async sign(privateKey, hash, signed) {
      const key = await subtle.importKey('pkcs8', privateKey, { name, hash }, false, ['sign']);
      return new Uint8Array(await subtle.sign(name, key, signed));
    },
    signatureAlgorithm: (hash) =>
      new AlgorithmIdentifier({ algorithmId: hashes[hash].rsaOid, algorithmParams: new Null() }),
  };
}

/** Makes a key that names id-RSASSA-PSS without parameters, which allows any hash and any salt (RFC 4055 §1.2). */
function rsaPss(modulusLength: number): KeyAlgorithmRow {
  const name = 'RSA-PSS';
  return {
    generate: { name, modulusLength, publicExponent, hash: 'SHA-256' },
    defaultHash: 'SHA-256',
    keyOid: rsaPssOid,
    async sign(privateKey, hash, signed) {
      const key = await subtle.importKey('pkcs8', privateKey, { name, hash }, false, ['sign']);
      return new Uint8Array(await subtle.sign({ name, saltLength: hashes[hash].length }, key, signed));
    },
    signatureAlgorithm(hash) {
      const hashAlgorithm = new AlgorithmIdentifier({ algorithmId: hashes[hash].oid, algorithmParams: new Null() });
      const maskGenAlgorithm = new AlgorithmIdentifier({
        algorithmId: mgf1Oid,
        algorithmParams: hashAlgorithm.toSchema(),
      });
      const parameters = new RSASSAPSSParams({ hashAlgorithm, maskGenAlgorithm, saltLength: hashes[hash].length });
      return new AlgorithmIdentifier({ algorithmId: rsaPssOid, algorithmParams: parameters.toSchema() });
    },
  };
}

const ed25519: KeyAlgorithmRow = {
  generate: { name: 'Ed25519' },
  defaultHash: 'SHA-512',
  async sign(privateKey, _hash, signed) {
    const key = await subtle.importKey('pkcs8', privateKey, 'Ed25519', false, ['sign']);
    return new Uint8Array(await subtle.sign('Ed25519', key, signed));
  },
  signatureAlgorithm: () => new AlgorithmIdentifier({ algorithmId: '1.3.101.112' }),
};

/** Writes WebCrypto's `r || s` as the SEQUENCE of two INTEGERs that X.509 has (RFC 3279 §2.2.3). */
function ecdsaSignatureDer(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  const halves = [signature.subarray(0, half), signature.subarray(half)];
  const sequence = new Sequence({ value: halves.map((bytes) => positiveInteger(bytes)) });
  return new Uint8Array(sequence.toBER());
}

/** Writes a big-endian unsigned number as a minimal DER INTEGER. */
export function positiveInteger(bytes: Uint8Array): Integer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const head = bytes[start] ?? 0;
  const minimal = head >= 0x80 ? new Uint8Array([0, ...bytes.subarray(start)]) : bytes.slice(start);
  return new Integer({ valueHex: minimal });
}

/** Writes a BIT STRING without unused bits. */
export function bitString(bytes: Uint8Array): BitString {
  return new BitString({ valueHex: Uint8Array.from(bytes).buffer });
}

const rows: Readonly<Record<KeyAlgorithm, KeyAlgorithmRow>> = {
  'ecdsa-p256': ecdsa('P-256', 'SHA-256'),
  'ecdsa-p384': ecdsa('P-384', 'SHA-384'),
  'ecdsa-p521': ecdsa('P-521', 'SHA-512'),
  'rsa-1024': rsaPkcs1(1024),
  'rsa-2048': rsaPkcs1(2048),
  'rsa-4096': rsaPkcs1(4096),
  'rsa-pss-2048': rsaPss(2048),
  ed25519,
};

/** All kinds of key that are accepted; for RSA only the usual length. */
export const keyAlgorithms: readonly KeyAlgorithm[] = [
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'rsa-2048',
  'rsa-pss-2048',
  'ed25519',
];

import type { KeyObject } from 'node:crypto';
import { nodeTruth } from './node-truth.ts';

/** OpenSSL's names of the groups that some backend of ours has, in lower case, and IANA's. */
const groupNames: Readonly<Record<string, string>> = {
  'p-256': 'secp256r1',
  prime256v1: 'secp256r1',
  secp256r1: 'secp256r1',
  'p-384': 'secp384r1',
  secp384r1: 'secp384r1',
  'p-521': 'secp521r1',
  secp521r1: 'secp521r1',
  x25519: 'x25519',
  x25519mlkem768: 'X25519MLKEM768',
  secp256r1mlkem768: 'SecP256r1MLKEM768',
  secp384r1mlkem1024: 'SecP384r1MLKEM1024',
  mlkem1024: 'MLKEM1024',
};

/**
 * Reads the option `ecdhCurve` into IANA names. Groups that only OpenSSL has fall out; marks of OpenSSL 3.5 (`?`, `*`, `/`) are read, and say
 * nothing beyond the order.
 * @returns `undefined` for `auto`: the backend's own groups
 * @throws Error `ERR_CRYPTO_OPERATION_FAILED` when a name is unknown to Node too, or nothing of ours is left
 */
export function chooseGroups(ecdhCurve: string): readonly string[] | undefined {
  if (ecdhCurve === 'auto') return undefined;
  const words = ecdhCurve.split(/[:/]/u).map((word) => word.replace(/^[?*]+/u, ''));
  const groups = words.map((word) => groupNames[word.toLowerCase()]);
  const strangers = words.filter((_, index) => groups[index] === undefined);
  if (strangers.length > 0) nodeTruth.createSecureContext({ ca: [], ecdhCurve: strangers.join(':') });
  const known = [...new Set(groups.filter((name) => name !== undefined))];
  if (known.length > 0) return known;
  throw Object.assign(new Error('Failed to set ECDH curve'), { code: 'ERR_CRYPTO_OPERATION_FAILED' });
}

/** Node's words for a group: the answer of `getEphemeralKeyInfo()`. */
export interface EphemeralKeyInfo {
  readonly type: 'ECDH';
  readonly name: string;
  /** Bits of the public key as OpenSSL counts them; 253 for X25519. */
  readonly size: number;
}

const ephemeralKeys: Readonly<Record<string, Omit<EphemeralKeyInfo, 'type'>>> = {
  secp256r1: { name: 'prime256v1', size: 256 },
  secp384r1: { name: 'secp384r1', size: 384 },
  secp521r1: { name: 'secp521r1', size: 521 },
  x25519: { name: 'X25519', size: 253 },
};

/** The answer of `getEphemeralKeyInfo()` by the group's IANA name; without a name for a group that Node has no words for. */
export function ephemeralKeyInfo(group: string | undefined): EphemeralKeyInfo | Record<string, never> {
  const info = group === undefined ? undefined : ephemeralKeys[group];
  return info === undefined ? {} : { type: 'ECDH', ...info };
}

const hashes = { SHA256: 'sha256', SHA384: 'sha384', SHA512: 'sha512' } as const;
const curveOfHash = { SHA256: 'secp256r1', SHA384: 'secp384r1', SHA512: 'secp521r1' } as const;

/**
 * Reads the option `sigalgs` into IANA names, each once. Schemes that only OpenSSL has, such as those with SHA-1, fall out. Whether the text
 * is one that OpenSSL takes is not judged here.
 */
export function chooseSignatureSchemes(sigalgs: string): readonly string[] {
  return [...new Set(sigalgs.split(':').map((word) => schemeOf(word.replace(/^\?/u, ''))))].filter(
    (name) => name !== undefined,
  );
}

const schemesOfKey: Readonly<Record<string, RegExp>> = {
  rsa: /^rsa_p(?:ss_rsae|kcs1)_/u,
  'rsa-pss': /^rsa_pss_pss_/u,
  ec: /^ecdsa_/u,
  ed25519: /^ed25519$/u,
  ed448: /^ed448$/u,
};

/** Those of some schemes, by their IANA names, that a key can sign with. */
export function fittingSchemes({ asymmetricKeyType: type }: KeyObject, schemes: readonly string[]): readonly string[] {
  const fitting = type === undefined ? undefined : schemesOfKey[type];
  // which keys of another kind can do is for the backend to know
  return fitting === undefined ? schemes : schemes.filter((name) => fitting.test(name));
}

function schemeOf(word: string): string | undefined {
  const [key, hash] = word.split('+');
  if (hash === undefined) return word;
  if (!isHash(hash)) return undefined;
  switch (key) {
    case 'ECDSA':
      return `ecdsa_${curveOfHash[hash]}_${hashes[hash]}`;
    case 'RSA':
      return `rsa_pkcs1_${hashes[hash]}`;
    case 'RSA-PSS':
    case 'PSS':
      return `rsa_pss_rsae_${hashes[hash]}`;
    default:
      return undefined;
  }
}

function isHash(name: string): name is keyof typeof hashes {
  return Object.hasOwn(hashes, name);
}

/** Schemes by IANA names, in the words of `getSharedSigalgs()`. */
export function sharedSigalgs(signatureSchemes: readonly string[]): string[] {
  return signatureSchemes.map(sigalgOf);
}

function sigalgOf(scheme: string): string {
  const [first = '', second = '', third = ''] = scheme.split('_');
  if (first === 'ecdsa') return `ECDSA+${third.toUpperCase()}`;
  if (first === 'rsa')
    return `${second === 'pss' ? 'RSA-PSS' : 'RSA'}+${(scheme.split('_').at(-1) ?? '').toUpperCase()}`;
  return first === 'ed25519' ? 'Ed25519+UNDEF' : scheme;
}

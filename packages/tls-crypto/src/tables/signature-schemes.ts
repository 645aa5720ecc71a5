import { registered, signatureSchemeNumbers } from '@org/tls-core/backend';
import { keyFitsAlgorithm } from '../provider-rules/key-use.ts';
import { isMlDsa } from '../provider-rules/ml-dsa-key.ts';
import type { CryptoProvider, Curve, PublicKeyInfo, SignatureAlgorithm } from '../provider.ts';

/** A signature scheme (RFC 8446 §4.2.3), as far as this implementation verifies or makes it. */
export interface SignatureScheme {
  /** The scheme's IANA name. */
  readonly name: string;
  readonly id: number;
  /** The type of key that signs with it. */
  readonly keyType: PublicKeyInfo['type'];
  /** The curve that TLS 1.3 binds the scheme to; `undefined` for keys without one. */
  readonly curve: Curve | undefined;
  readonly algorithm: SignatureAlgorithm;
  /** Whether it may sign a CertificateVerify of TLS 1.3; the others only sign certificates there (RFC 8446 §4.2.3). */
  readonly tls13: boolean;
  /** Whether TLS 1.2 has it. */
  readonly tls12: boolean;
  /** Whether it is accepted where the configuration names none. */
  readonly isDefault: boolean;
}

const ecdsaSha256 = { type: 'ecdsa', hash: 'sha256' } as const;
const ecdsaSha384 = { type: 'ecdsa', hash: 'sha384' } as const;
const ecdsaSha512 = { type: 'ecdsa', hash: 'sha512' } as const;
const pssSha256 = { type: 'rsa-pss', hash: 'sha256' } as const;
const pssSha384 = { type: 'rsa-pss', hash: 'sha384' } as const;
const pssSha512 = { type: 'rsa-pss', hash: 'sha512' } as const;
const pkcs1Sha256 = { type: 'rsa-pkcs1', hash: 'sha256' } as const;
const pkcs1Sha384 = { type: 'rsa-pkcs1', hash: 'sha384' } as const;
const pkcs1Sha512 = { type: 'rsa-pkcs1', hash: 'sha512' } as const;

const common = { tls12: true, isDefault: true } as const;
/** The schemes of a draft (draft-ietf-tls-mldsa) are only for those who ask for them. */
const mlDsa = { curve: undefined, tls13: true, tls12: false, isDefault: false } as const;

/** The schemes, in order of preference. */
export const signatureSchemes: readonly SignatureScheme[] = [
  {
    ...registered(signatureSchemeNumbers, 'ecdsa_secp256r1_sha256'),
    keyType: 'ec',
    curve: 'secp256r1',
    algorithm: ecdsaSha256,
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'ed25519'),
    keyType: 'ed25519',
    curve: undefined,
    algorithm: { type: 'ed25519' },
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'ecdsa_secp384r1_sha384'),
    keyType: 'ec',
    curve: 'secp384r1',
    algorithm: ecdsaSha384,
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'ecdsa_secp521r1_sha512'),
    keyType: 'ec',
    curve: 'secp521r1',
    algorithm: ecdsaSha512,
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'rsa_pss_rsae_sha256'),
    keyType: 'rsa',
    curve: undefined,
    algorithm: pssSha256,
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'rsa_pss_rsae_sha384'),
    keyType: 'rsa',
    curve: undefined,
    algorithm: pssSha384,
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'rsa_pss_rsae_sha512'),
    keyType: 'rsa',
    curve: undefined,
    algorithm: pssSha512,
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'rsa_pss_pss_sha256'),
    keyType: 'rsa-pss',
    curve: undefined,
    algorithm: pssSha256,
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'rsa_pss_pss_sha384'),
    keyType: 'rsa-pss',
    curve: undefined,
    algorithm: pssSha384,
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'rsa_pss_pss_sha512'),
    keyType: 'rsa-pss',
    curve: undefined,
    algorithm: pssSha512,
    tls13: true,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'rsa_pkcs1_sha256'),
    keyType: 'rsa',
    curve: undefined,
    algorithm: pkcs1Sha256,
    tls13: false,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'rsa_pkcs1_sha384'),
    keyType: 'rsa',
    curve: undefined,
    algorithm: pkcs1Sha384,
    tls13: false,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'rsa_pkcs1_sha512'),
    keyType: 'rsa',
    curve: undefined,
    algorithm: pkcs1Sha512,
    tls13: false,
    ...common,
  },
  {
    ...registered(signatureSchemeNumbers, 'mldsa44'),
    keyType: 'ml-dsa-44',
    algorithm: { type: 'ml-dsa-44' },
    ...mlDsa,
  },
  {
    ...registered(signatureSchemeNumbers, 'mldsa65'),
    keyType: 'ml-dsa-65',
    algorithm: { type: 'ml-dsa-65' },
    ...mlDsa,
  },
  {
    ...registered(signatureSchemeNumbers, 'mldsa87'),
    keyType: 'ml-dsa-87',
    algorithm: { type: 'ml-dsa-87' },
    ...mlDsa,
  },
];

/** The schemes that a provider has, in order of preference. */
export function schemesOf({
  hasPostQuantum = true,
}: Pick<CryptoProvider, 'hasPostQuantum'>): readonly SignatureScheme[] {
  return hasPostQuantum ? signatureSchemes : signatureSchemes.filter(({ keyType }) => !isMlDsa(keyType));
}

/** Tells whether a key, or its private half, can make or check signatures of the scheme. Type, curve and the hash it is bound to decide. */
export function keyFitsScheme(key: PublicKeyInfo, scheme: SignatureScheme): boolean {
  const keyCurve = key.type === 'ec' ? key.curve : undefined;
  return keyCurve === scheme.curve && fitsWhateverCurve(key, scheme);
}

/** Tells the same for TLS 1.2, where a scheme of ECDSA names a hash and no curve (RFC 5246 §7.4.1.4.1, RFC 8446 §4.2.3). */
export function keyFitsScheme12(key: PublicKeyInfo, scheme: SignatureScheme): boolean {
  return scheme.tls12 && fitsWhateverCurve(key, scheme);
}

function fitsWhateverCurve(key: PublicKeyInfo, { keyType, algorithm }: SignatureScheme): boolean {
  return key.type === keyType && isLongEnough(key, algorithm) && keyFitsAlgorithm(key, algorithm);
}

/** A PSS encoding holds the hash and the salt, each of the hash's length, and two more bytes (RFC 8017 §9.1.1). */
function isLongEnough(key: PublicKeyInfo, algorithm: SignatureAlgorithm): boolean {
  if (algorithm.type !== 'rsa-pss' || !('modulus' in key)) return true;
  const hashLength = { sha256: 32, sha384: 48, sha512: 64 }[algorithm.hash];
  return key.modulus.length >= 2 * hashLength + 2;
}

/**
 * The key exchanges, with one row for each. The types are made of the rows, and whoever needs a length or what a hybrid consists of looks it
 * up here.
 */

export const x25519Length = 32;

/** The length of an element of the field in bytes, by the name of the curve (SEC 1 §2.3.5). A private key has as many. */
export const fieldLength = { secp256r1: 32, secp384r1: 48, secp521r1: 66 } as const;
/** The curves of ECDH, but for x25519, whose shares are no points. */
export type EcdhCurve = keyof typeof fieldLength;

/** Classical key exchanges. */
export type Ecdh = 'x25519' | EcdhCurve;

/** Parameter sets of ML-KEM (FIPS 203 §8), with the last number of their object identifiers (RFC 9935 §3). */
export const mlKems = {
  'ml-kem-768': { publicKeyLength: 1184, ciphertextLength: 1088, identifier: 2 },
  'ml-kem-1024': { publicKeyLength: 1568, ciphertextLength: 1568, identifier: 3 },
} as const;
export type MlKem = keyof typeof mlKems;
/** A key pair is made of d and z, and an encapsulation of m. These are their lengths in bytes (FIPS 203 §7.1, §7.2). */
export const mlKemSeedLength = 64;
export const mlKemMessageLength = 32;

/** ML-KEM alone (draft-ietf-tls-mlkem). */
export const kems = { mlkem1024: 'ml-kem-1024' } as const satisfies Readonly<Record<string, MlKem>>;
export type KemAlgorithm = keyof typeof kems;

/** A key exchange whose secret is as safe as the stronger of two (draft-ietf-tls-ecdhe-mlkem §4). */
export interface Hybrid {
  readonly kem: MlKem;
  readonly ecdh: Ecdh;
  /** Whether ML-KEM's half stands first, in both shares and in the secret; that differs from group to group. */
  readonly isKemFirst: boolean;
}

export const hybrids = {
  x25519mlkem768: { kem: 'ml-kem-768', ecdh: 'x25519', isKemFirst: true },
  secp256r1mlkem768: { kem: 'ml-kem-768', ecdh: 'secp256r1', isKemFirst: false },
  secp384r1mlkem1024: { kem: 'ml-kem-1024', ecdh: 'secp384r1', isKemFirst: false },
} as const satisfies Readonly<Record<string, Hybrid>>;
/** ML-KEM beside a classical key exchange. */
export type HybridAlgorithm = keyof typeof hybrids;

export type KeyExchangeAlgorithm = Ecdh | HybridAlgorithm | KemAlgorithm;

/** The first byte of a point in uncompressed form (SEC 1 §2.3.3), the only one in TLS 1.3 (RFC 8446 §4.2.8.2). */
export const uncompressedPoint = 4;

/** The length of such a point, in bytes. */
export function pointLength(curve: EcdhCurve): number {
  return 1 + 2 * fieldLength[curve];
}

/** The length of a classical share, in bytes. */
export function ecdhShareLength(algorithm: Ecdh): number {
  return algorithm === 'x25519' ? x25519Length : pointLength(algorithm);
}

export function isHybrid(algorithm: KeyExchangeAlgorithm): algorithm is HybridAlgorithm {
  return Object.hasOwn(hybrids, algorithm);
}

export function isKem(algorithm: KeyExchangeAlgorithm): algorithm is KemAlgorithm {
  return Object.hasOwn(kems, algorithm);
}

/** The length in bytes of a private key for `generateKeyShare`. For ML-KEM it is the seed d and z; for a hybrid, ECDH's key follows it. */
export const privateKeyLength = randomLengths(mlKemSeedLength);

/** How many bytes `encapsulate` draws: a private key, for ML-KEM the message m, and for a hybrid the message and then the private key. */
export const encapsulationLength = randomLengths(mlKemMessageLength);

function randomLengths(ofMlKem: number): Readonly<Record<KeyExchangeAlgorithm, number>> {
  const classical: Readonly<Record<Ecdh, number>> = { x25519: x25519Length, ...fieldLength };
  const rows = [
    ...Object.entries(classical),
    ...Object.entries(hybrids).map(([algorithm, { ecdh }]) => [algorithm, ofMlKem + classical[ecdh]] as const),
    ...Object.keys(kems).map((algorithm) => [algorithm, ofMlKem] as const),
  ];
  return Object.fromEntries(rows) as Record<KeyExchangeAlgorithm, number>;
}

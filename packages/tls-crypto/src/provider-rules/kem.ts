import { TlsError, type MaybePromise } from '@org/tls-core';
import { isPromiseLike, concatBytes } from '@org/tls-core/backend';
import { pointLength } from './ec-point.ts';
import type { Ecdh, Encapsulation, HybridAlgorithm, KeyExchangeAlgorithm, KeyShare, MlKem } from '../provider.ts';

/** ML-KEM with one parameter set (FIPS 203). */
export interface Kem {
  /** @param seed d and z, 64 bytes; with `undefined` it is random */
  generate(seed: Uint8Array | undefined): KemKeyPair;
  /**
   * @param message m, 32 bytes; with `undefined` it is random
   * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when the key has a wrong length or coefficients out of range (FIPS 203 §7.2)
   */
  encapsulate(
    publicKey: Uint8Array,
    message: Uint8Array | undefined,
  ): { readonly ciphertext: Uint8Array; readonly sharedSecret: Uint8Array };
}

export interface KemKeyPair {
  readonly publicKey: Uint8Array;
  /** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when the ciphertext has a wrong length */
  readonly decapsulate: (ciphertext: Uint8Array) => Uint8Array;
}

const seedLength = 64;
const messageLength = 32;
const x25519Length = 32;
/** The lengths of an encapsulation key and of a ciphertext, in bytes (FIPS 203 §8). */
const kemLengths = {
  'ml-kem-768': { publicKey: 1184, ciphertext: 1088 },
  'ml-kem-1024': { publicKey: 1568, ciphertext: 1568 },
} as const;

/** The parts of which a provider makes the post-quantum groups. */
export interface KemParts {
  kem(parameterSet: MlKem): Kem;
  /** @param privateKey with `undefined` it is random */
  ecdh(algorithm: Ecdh, privateKey: Uint8Array | undefined): KeyShare;
}

/** A group whose secret is as safe as the stronger of two key exchanges (draft-ietf-tls-ecdhe-mlkem §4). */
interface Hybrid {
  /** The group's IANA name. */
  readonly name: string;
  readonly kem: MlKem;
  readonly ecdh: Ecdh;
  readonly ecdhLength: number;
  /** Whether ML-KEM's half stands first, in both shares and in the secret. That differs from group to group. */
  readonly isKemFirst: boolean;
}

const hybrids: Readonly<Record<HybridAlgorithm, Hybrid>> = {
  x25519mlkem768: {
    name: 'X25519MLKEM768',
    kem: 'ml-kem-768',
    ecdh: 'x25519',
    ecdhLength: x25519Length,
    isKemFirst: true,
  },
  secp256r1mlkem768: {
    name: 'SecP256r1MLKEM768',
    kem: 'ml-kem-768',
    ecdh: 'secp256r1',
    ecdhLength: pointLength.secp256r1,
    isKemFirst: false,
  },
  secp384r1mlkem1024: {
    name: 'SecP384r1MLKEM1024',
    kem: 'ml-kem-1024',
    ecdh: 'secp384r1',
    ecdhLength: pointLength.secp384r1,
    isKemFirst: false,
  },
};

export function isHybrid(algorithm: KeyExchangeAlgorithm): algorithm is HybridAlgorithm {
  return Object.hasOwn(hybrids, algorithm);
}

export function mlKem1024KeyShare(kem: Kem, seed: Uint8Array | undefined): KeyShare {
  const { publicKey, decapsulate } = kem.generate(seed);
  return { algorithm: 'mlkem1024', publicKey, deriveSharedSecret: decapsulate };
}

export function encapsulateMlKem1024(kem: Kem, peer: Uint8Array, message: Uint8Array | undefined): Encapsulation {
  const { ciphertext, sharedSecret } = kem.encapsulate(peer, message);
  return { keyExchange: ciphertext, sharedSecret };
}

/**
 * Makes the client's half of a hybrid, which is an encapsulation key and an ECDH share.
 * @param seed ML-KEM's seed and behind it ECDH's private key; with `undefined` both are random
 */
export function hybridKeyShare(algorithm: HybridAlgorithm, parts: KemParts, seed: Uint8Array | undefined): KeyShare {
  const hybrid = hybrids[algorithm];
  const pair = parts.kem(hybrid.kem).generate(seed?.subarray(0, seedLength));
  const ecdh = parts.ecdh(hybrid.ecdh, seed?.subarray(seedLength));
  return {
    algorithm,
    publicKey: joinedShares(hybrid, pair.publicKey, ecdh.publicKey),
    deriveSharedSecret(peer) {
      const theirs = splitShare(hybrid, peer, kemLengths[hybrid.kem].ciphertext);
      return joinedSecrets(hybrid, pair.decapsulate(theirs.kem), ecdh.deriveSharedSecret(theirs.ecdh));
    },
  };
}

/**
 * Makes the server's half of a hybrid, which is a ciphertext and an ECDH share.
 * @param random ML-KEM's message and behind it ECDH's private key; with `undefined` both are random
 */
export function encapsulateHybrid(
  algorithm: HybridAlgorithm,
  parts: KemParts,
  peer: Uint8Array,
  random: Uint8Array | undefined,
): MaybePromise<Encapsulation> {
  const hybrid = hybrids[algorithm];
  const theirs = splitShare(hybrid, peer, kemLengths[hybrid.kem].publicKey);
  const { ciphertext, sharedSecret } = parts
    .kem(hybrid.kem)
    .encapsulate(theirs.kem, random?.subarray(0, messageLength));
  const ecdh = parts.ecdh(hybrid.ecdh, random?.subarray(messageLength));
  const keyExchange = joinedShares(hybrid, ciphertext, ecdh.publicKey);
  const whole = joinedSecrets(hybrid, sharedSecret, ecdh.deriveSharedSecret(theirs.ecdh));
  return isPromiseLike(whole)
    ? whole.then((secret) => ({ keyExchange, sharedSecret: secret }))
    : { keyExchange, sharedSecret: whole };
}

/** Makes a server's answer for ECDH, which is a key pair of its own. */
export function encapsulateByKeyShare(own: KeyShare, peer: Uint8Array): MaybePromise<Encapsulation> {
  const secret = own.deriveSharedSecret(peer);
  return isPromiseLike(secret)
    ? secret.then((sharedSecret) => ({ keyExchange: own.publicKey, sharedSecret }))
    : { keyExchange: own.publicKey, sharedSecret: secret };
}

function joinedShares({ isKemFirst }: Hybrid, kem: Uint8Array, ecdh: Uint8Array): Uint8Array {
  return concatBytes(isKemFirst ? [kem, ecdh] : [ecdh, kem]);
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` unless the share has exactly the length of its two halves */
function splitShare(
  { name, ecdhLength, isKemFirst }: Hybrid,
  share: Uint8Array,
  kemLength: number,
): { readonly kem: Uint8Array; readonly ecdh: Uint8Array } {
  const expected = kemLength + ecdhLength;
  if (share.length !== expected) throw badShare(`${name}: expected ${expected} bytes, got ${share.length}`);
  const middle = isKemFirst ? kemLength : ecdhLength;
  const [first, second] = [share.subarray(0, middle), share.subarray(middle)];
  return isKemFirst ? { kem: first, ecdh: second } : { kem: second, ecdh: first };
}

/** Joins the secrets of both halves, and wipes the two. */
function joinedSecrets(hybrid: Hybrid, kem: Uint8Array, ecdh: MaybePromise<Uint8Array>): MaybePromise<Uint8Array> {
  if (isPromiseLike(ecdh)) return ecdh.then((bytes) => joinedSecrets(hybrid, kem, bytes));
  const whole = joinedShares(hybrid, kem, ecdh);
  kem.fill(0);
  ecdh.fill(0);
  return whole;
}

export function badShare(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message, { cause });
}

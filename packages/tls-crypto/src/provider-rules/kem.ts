import { TlsError, type MaybePromise } from '@org/tls-core';
import { isPromiseLike, concatBytes } from '@org/tls-core/backend';
import {
  ecdhShareLength,
  hybrids,
  isHybrid,
  isKem,
  kems,
  mlKemMessageLength,
  mlKems,
  mlKemSeedLength,
  uncompressedPoint,
  type Ecdh,
  type Hybrid,
  type HybridAlgorithm,
  type KemAlgorithm,
  type KeyExchangeAlgorithm,
  type MlKem,
} from '../key-exchange.ts';
import type { Encapsulation, KeyShare } from '../provider.ts';

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

/** The parts of which a provider makes every key exchange. */
export interface KeyExchangeParts {
  kem(parameterSet: MlKem): Kem;
  /** @param privateKey with `undefined` it is random */
  ecdh(algorithm: Ecdh, privateKey: Uint8Array | undefined): KeyShare;
}

/** Makes both calls of `CryptoProvider` of a provider's parts: the client's key pair, and the server's answer to one. */
export function keyExchangeOf(parts: KeyExchangeParts): {
  generateKeyShare(algorithm: KeyExchangeAlgorithm, privateKey?: Uint8Array): KeyShare;
  encapsulate(algorithm: KeyExchangeAlgorithm, peer: Uint8Array, random?: Uint8Array): MaybePromise<Encapsulation>;
} {
  return {
    generateKeyShare(algorithm, privateKey) {
      if (isHybrid(algorithm)) return hybridKeyShare(algorithm, parts, privateKey);
      if (isKem(algorithm)) return kemKeyShare(algorithm, parts, privateKey);
      return parts.ecdh(algorithm, privateKey);
    },
    encapsulate(algorithm, peer, random) {
      if (isHybrid(algorithm)) return encapsulateHybrid(algorithm, parts, peer, random);
      if (isKem(algorithm)) return encapsulateKem(algorithm, parts, peer, random);
      return encapsulateByKeyShare(parts.ecdh(algorithm, random), peer);
    },
  };
}

/**
 * Checks the form of a peer's classical share. Whether a point is on its curve is for the provider to find out.
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` unless it has the right length and, for a point, the uncompressed form (RFC 8446 §4.2.8.2)
 */
export function checkEcdhShare(algorithm: Ecdh, share: Uint8Array): void {
  const length = ecdhShareLength(algorithm);
  if (share.length !== length) throw badShare(`${algorithm}: expected ${length} bytes, got ${share.length}`);
  if (algorithm !== 'x25519' && share[0] !== uncompressedPoint)
    throw badShare(`${algorithm}: expected an uncompressed point`);
}

function kemKeyShare(algorithm: KemAlgorithm, parts: KeyExchangeParts, seed: Uint8Array | undefined): KeyShare {
  const { publicKey, decapsulate } = parts.kem(kems[algorithm]).generate(seed);
  return { algorithm, publicKey, deriveSharedSecret: decapsulate };
}

function encapsulateKem(
  algorithm: KemAlgorithm,
  parts: KeyExchangeParts,
  peer: Uint8Array,
  message: Uint8Array | undefined,
): Encapsulation {
  const { ciphertext, sharedSecret } = parts.kem(kems[algorithm]).encapsulate(peer, message);
  return { keyExchange: ciphertext, sharedSecret };
}

/**
 * Makes the client's half of a hybrid, which is an encapsulation key and an ECDH share.
 * @param seed ML-KEM's seed and behind it ECDH's private key; with `undefined` both are random
 */
function hybridKeyShare(algorithm: HybridAlgorithm, parts: KeyExchangeParts, seed: Uint8Array | undefined): KeyShare {
  const hybrid = hybrids[algorithm];
  const pair = parts.kem(hybrid.kem).generate(seed?.subarray(0, mlKemSeedLength));
  const ecdh = parts.ecdh(hybrid.ecdh, seed?.subarray(mlKemSeedLength));
  return {
    algorithm,
    publicKey: joinedShares(hybrid, pair.publicKey, ecdh.publicKey),
    deriveSharedSecret(peer) {
      const theirs = splitShare(algorithm, peer, mlKems[hybrid.kem].ciphertextLength);
      return joinedSecrets(hybrid, pair.decapsulate(theirs.kem), ecdh.deriveSharedSecret(theirs.ecdh));
    },
  };
}

/**
 * Makes the server's half of a hybrid, which is a ciphertext and an ECDH share.
 * @param random ML-KEM's message and behind it ECDH's private key; with `undefined` both are random
 */
function encapsulateHybrid(
  algorithm: HybridAlgorithm,
  parts: KeyExchangeParts,
  peer: Uint8Array,
  random: Uint8Array | undefined,
): MaybePromise<Encapsulation> {
  const hybrid = hybrids[algorithm];
  const theirs = splitShare(algorithm, peer, mlKems[hybrid.kem].publicKeyLength);
  const { ciphertext, sharedSecret } = parts
    .kem(hybrid.kem)
    .encapsulate(theirs.kem, random?.subarray(0, mlKemMessageLength));
  const ecdh = parts.ecdh(hybrid.ecdh, random?.subarray(mlKemMessageLength));
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
  algorithm: HybridAlgorithm,
  share: Uint8Array,
  kemLength: number,
): { readonly kem: Uint8Array; readonly ecdh: Uint8Array } {
  const { ecdh, isKemFirst } = hybrids[algorithm];
  const ecdhLength = ecdhShareLength(ecdh);
  const expected = kemLength + ecdhLength;
  if (share.length !== expected) throw badShare(`${algorithm}: expected ${expected} bytes, got ${share.length}`);
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

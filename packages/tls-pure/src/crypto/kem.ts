import { isPromiseLike, TlsError, type MaybePromise } from '@org/tls-core';
import { concatBytes } from './bytes.ts';
import type { Encapsulation, KeyShare } from './provider.ts';

/** ML-KEM with one parameter set (FIPS 203). */
export interface Kem {
  /** @param seed d and z, 64 bytes; `undefined`: random */
  generate(seed: Uint8Array | undefined): KemKeyPair;
  /**
   * @param message m, 32 bytes; `undefined`: random
   * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when the key has a wrong length or coefficients out of range (§7.2)
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
const curveLength = 32;
const mlKem768 = { publicKeyLength: 1184, ciphertextLength: 1088 } as const;

/** What makes X25519's half of a hybrid. */
type GenerateX25519 = (privateKey: Uint8Array | undefined) => KeyShare;

export function mlKem1024KeyShare(kem: Kem, seed: Uint8Array | undefined): KeyShare {
  const { publicKey, decapsulate } = kem.generate(seed);
  return { algorithm: 'mlkem1024', publicKey, deriveSharedSecret: decapsulate };
}

export function encapsulateMlKem1024(kem: Kem, peer: Uint8Array, message: Uint8Array | undefined): Encapsulation {
  const { ciphertext, sharedSecret } = kem.encapsulate(peer, message);
  return { keyExchange: ciphertext, sharedSecret };
}

/** The client's half of X25519MLKEM768: ML-KEM's key, then X25519's (draft-ietf-tls-ecdhe-mlkem §4.1). */
export function hybridKeyShare(kem: Kem, generateX25519: GenerateX25519, seed: Uint8Array | undefined): KeyShare {
  const pair = kem.generate(seed?.subarray(0, seedLength));
  const x25519 = generateX25519(seed?.subarray(seedLength));
  return {
    algorithm: 'x25519mlkem768',
    publicKey: concatBytes([pair.publicKey, x25519.publicKey]),
    deriveSharedSecret(peer) {
      if (peer.length !== mlKem768.ciphertextLength + curveLength)
        throw badShare(`X25519MLKEM768: expected 1120 bytes, got ${peer.length}`);
      const first = pair.decapsulate(peer.subarray(0, mlKem768.ciphertextLength));
      return joined(first, x25519.deriveSharedSecret(peer.subarray(mlKem768.ciphertextLength)));
    },
  };
}

/** The server's half: a ciphertext, then X25519's key. */
export function encapsulateHybrid(
  kem: Kem,
  generateX25519: GenerateX25519,
  peer: Uint8Array,
  random: Uint8Array | undefined,
): MaybePromise<Encapsulation> {
  if (peer.length !== mlKem768.publicKeyLength + curveLength)
    throw badShare(`X25519MLKEM768: expected 1216 bytes, got ${peer.length}`);
  const message = random?.subarray(0, messageLength);
  const { ciphertext, sharedSecret } = kem.encapsulate(peer.subarray(0, mlKem768.publicKeyLength), message);
  const x25519 = generateX25519(random?.subarray(messageLength));
  const keyExchange = concatBytes([ciphertext, x25519.publicKey]);
  const whole = joined(sharedSecret, x25519.deriveSharedSecret(peer.subarray(mlKem768.publicKeyLength)));
  return isPromiseLike(whole)
    ? whole.then((secret) => ({ keyExchange, sharedSecret: secret }))
    : { keyExchange, sharedSecret: whole };
}

/** For ECDH a server's answer is a key pair of its own. */
export function encapsulateByKeyShare(own: KeyShare, peer: Uint8Array): MaybePromise<Encapsulation> {
  const secret = own.deriveSharedSecret(peer);
  return isPromiseLike(secret)
    ? secret.then((sharedSecret) => ({ keyExchange: own.publicKey, sharedSecret }))
    : { keyExchange: own.publicKey, sharedSecret: secret };
}

/** Both halves' secrets are wiped. */
function joined(first: Uint8Array, second: MaybePromise<Uint8Array>): MaybePromise<Uint8Array> {
  if (isPromiseLike(second)) return second.then((bytes) => joined(first, bytes));
  const whole = concatBytes([first, second]);
  first.fill(0);
  second.fill(0);
  return whole;
}

export function badShare(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message, { cause });
}

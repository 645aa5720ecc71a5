import type { MaybePromise } from '@org/tls-core';
import type { KeyExchangeAlgorithm } from './key-exchange.ts';

/** The hash functions of TLS 1.2 and 1.3; `sha1` is not among them. */
export type HashAlgorithm = 'sha256' | 'sha384' | 'sha512';
/** The length of each hash in bytes, and of an HMAC with it. */
export const hashLength = { sha256: 32, sha384: 48, sha512: 64 } as const satisfies Readonly<
  Record<HashAlgorithm, number>
>;
export type AeadAlgorithm = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
/** The parameter sets of ML-DSA (FIPS 204). Each is a type of key and an algorithm. */
export type MlDsa = 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87';
/** The curves of keys that sign. */
export type Curve = 'secp256r1' | 'secp384r1' | 'secp521r1';

/**
 * All the cryptography that TLS and certificates need. Below this line nothing knows TLS; above it nothing knows a library. A provider
 * writes only to the buffers `into` and `out` of those that it is given. It keeps none but those of a public key, which it gives back as
 * `info`. What it returns belongs to the caller, who may wipe it. Where a result is no `MaybePromise`, the call is synchronous. The tests
 * in `@org/tls-crypto/test` cover all of this.
 */
export interface CryptoProvider {
  /** The provider's name: `node`, `noble`, or that of a third party. */
  readonly name: string;
  /** Whether AES is done by hardware. Where it is not, ChaCha20-Poly1305 is offered and preferred first. */
  readonly hasHardwareAes: boolean;
  /**
   * Whether ML-KEM and ML-DSA are there. Where they are not, no backend offers or accepts groups and schemes of them, and a key of ML-DSA is
   * refused by `importPublicKey` (`ERR_TLS_CERTIFICATE_UNSUPPORTED`) and `importPrivateKey` (`ERR_TLS_IDENTITY`). Default: true.
   */
  readonly hasPostQuantum?: boolean;
  /** Fills the whole buffer from the platform's cryptographic generator. */
  randomFill(into: Uint8Array): void;
  createHash(algorithm: HashAlgorithm): IncrementalHash;
  hash(algorithm: HashAlgorithm, input: Uint8Array): Uint8Array;
  /** Computes SHA-1, which protects nothing here: OCSP names issuers by it (RFC 6960 §4.1.1). */
  sha1(input: Uint8Array): Uint8Array;
  /**
   * Computes the HMAC (RFC 2104) of `input`. The `key` may have any length, and is not kept.
   * @param out gets the HMAC in its first `hashLength[algorithm]` bytes; it has at least so many, and what lies behind them is left alone.
   *   It may be `key` or `input`, or overlap them
   */
  hmac(algorithm: HashAlgorithm, key: Uint8Array, input: Uint8Array, out: Uint8Array): void;
  /** Makes a key for many records. The bytes of `key` are copied, and remain the caller's to wipe. */
  createAead(algorithm: AeadAlgorithm, key: Uint8Array): Aead;
  /**
   * Makes a fresh ephemeral key pair.
   * @param privateKey the private key to use instead of a random one, `privateKeyLength[algorithm]` bytes; it is for tests that are exact
   *   to the byte
   */
  generateKeyShare(algorithm: KeyExchangeAlgorithm, privateKey?: Uint8Array): KeyShare;
  /**
   * Makes a server's answer to a client's share: a fresh key pair and the secret, or a KEM's encapsulation.
   * @param peerKeyExchange the share as it came from the peer, which may be any bytes
   * @param random what to use instead of random bytes, `encapsulationLength[algorithm]` of them; it is for tests
   * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` where `KeyShare.deriveSharedSecret` would throw it, and on a malformed
   *   encapsulation key (FIPS 203 §7.2)
   */
  encapsulate(
    algorithm: KeyExchangeAlgorithm,
    peerKeyExchange: Uint8Array,
    random?: Uint8Array,
  ): MaybePromise<Encapsulation>;
  /** @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when the key is not on its curve or out of range */
  importPublicKey(key: PublicKeyInfo): PublicKey;
  /**
   * The key's bytes are copied, and remain the caller's to wipe.
   * @throws TlsError `ERR_TLS_IDENTITY` when the key cannot be used: out of range, or in parts that contradict each other
   */
  importPrivateKey(key: PrivateKeyInfo): PrivateKey;
}

/** A running hash, as the transcript needs it. */
export interface IncrementalHash {
  /** Adds `input` to what is hashed; it is not kept. */
  update(input: Uint8Array): void;
  /**
   * Gives the hash of all that came so far. More may be added afterwards.
   * @param extra bytes that are hashed behind it, but are not part of it afterwards
   */
  snapshot(extra?: Uint8Array): Uint8Array;
}

/** One AEAD key (RFC 5116). All three algorithms have 12-byte nonces and 16-byte tags. */
export interface Aead {
  /**
   * Seals `plaintext` into `out`, which has exactly 16 bytes more. `plaintext` may be the beginning of `out` itself (in place).
   */
  seal(nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void;
  /**
   * Opens `ciphertext` (tag included) into `out`, which has exactly 16 bytes fewer. `out` may be the beginning of `ciphertext`.
   * @returns false when the tag is wrong; `out` then holds nothing that may be used
   */
  open(nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array, out: Uint8Array): boolean;
  /**
   * Seals all records of a span, in order. A provider has it where one call for many records costs less than a call for each; where it is
   * absent, callers use `seal`.
   */
  sealRecords?(span: AeadSpan): void;
  /**
   * Opens the records of a span, in order, and stops at the first whose tag is wrong. Nothing of the plaintext of that one may be left in
   * `output`, and the place of those behind it is left alone. Where it is absent, callers use `open`.
   * @returns how many were opened, 0 to `count`
   */
  openRecords?(span: AeadSpan): number;
}

/**
 * Many operations under one key. The caller owns the object and all its buffers, checks that every place lies within them, and uses them
 * again: a provider keeps nothing of it.
 *
 * Sealing writes 16 bytes more than the input has. Where `output` is the same memory as `input`, each record is sealed in place: its output
 * begins where its input does. The additional data may lie in the same memory too, and no output overlaps it.
 *
 * Opening writes 16 bytes fewer than the input has, and its `output` is memory apart from `input` and `additionalData`. An output may begin
 * on the last byte of the one before it, so that contents with one byte behind each come to lie side by side: the later record overwrites
 * that byte, of which `lastBytes` keeps a copy.
 */
export interface AeadSpan {
  /** How many records there are, 1 to `maxSpanRecords`. */
  readonly count: number;
  /** 12 bytes for each record. */
  readonly nonces: Uint8Array;
  /** Where each record's additional data lies. */
  readonly additionalData: Uint8Array;
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  /**
   * Five numbers for each record: offset and length of its additional data, offset and length of its input (when opening, with the tag,
   * and so 16 at least), and the offset of its output.
   */
  readonly places: Int32Array;
  /** One byte for each record. `openRecords` writes there the last byte of each plaintext, 0 for an empty one; `sealRecords` does nothing. */
  readonly lastBytes: Uint8Array;
}

/** How many records a span may have. It bounds what a provider copies or lays out at once. */
export const maxSpanRecords = 256;
/** How many numbers `AeadSpan.places` has for each record. */
export const spanPlaceLength = 5;

export const aeadTagLength = 16;
export const aeadNonceLength = 12;

/** An ephemeral key pair, used for one handshake. */
export interface KeyShare {
  readonly algorithm: KeyExchangeAlgorithm;
  /** What goes into `KeyShareEntry.key_exchange` (RFC 8446 §4.2.8.2): 32 bytes, an uncompressed point, or what a KEM needs. */
  readonly publicKey: Uint8Array;
  /**
   * @param peerPublicKey the share as it came from the peer, which may be any bytes
   * @returns the shared secret (RFC 8446 §7.4), which the caller has to wipe
   * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when the peer's key has a wrong length, is not on the curve, or gives all
   *   zeros (RFC 7748 §6.1)
   */
  deriveSharedSecret(peerPublicKey: Uint8Array): MaybePromise<Uint8Array>;
}

/** A server's share, and the secret that both sides then know. */
export interface Encapsulation {
  readonly keyExchange: Uint8Array;
  /** The shared secret, which the caller has to wipe. */
  readonly sharedSecret: Uint8Array;
}

/** The parts of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 3279, RFC 5480, RFC 8410). */
export type PublicKeyInfo =
  | {
      readonly type: 'rsa' | 'rsa-pss';
      readonly modulus: Uint8Array;
      readonly exponent: Uint8Array;
      readonly spki: Uint8Array;
    }
  | { readonly type: 'ec'; readonly curve: Curve; readonly point: Uint8Array; readonly spki: Uint8Array }
  | { readonly type: 'ed25519' | MlDsa; readonly key: Uint8Array; readonly spki: Uint8Array };

/** A private key, in whichever encoding it came. Its `pkcs8` is its PKCS#8 DER (RFC 5958), which both providers can import. */
export interface PrivateKeyInfo {
  readonly type: 'rsa' | 'rsa-pss' | 'ec' | 'ed25519' | MlDsa;
  readonly curve?: Curve;
  readonly pkcs8: Uint8Array;
  /** The scalar (EC, left-padded to the field's length), the seed (Ed25519, ML-DSA) or ML-DSA's expanded key; absent for RSA. */
  readonly secret?: Uint8Array;
  /** ML-DSA's expanded key, where it came beside its seed; it must be checked against the seed (RFC 9881 §8.2). */
  readonly expandedKey?: Uint8Array;
}

/** How a signature is made, without the numbers of TLS and X.509. */
export type SignatureAlgorithm =
  | { readonly type: 'ecdsa'; readonly hash: HashAlgorithm }
  | { readonly type: 'rsa-pkcs1'; readonly hash: HashAlgorithm }
  /** RSASSA-PSS with MGF1 of the same hash, a salt as long as the hash, and the trailer 0xbc. */
  | { readonly type: 'rsa-pss'; readonly hash: HashAlgorithm }
  | { readonly type: 'ed25519' }
  | { readonly type: MlDsa };

export interface PublicKey {
  readonly info: PublicKeyInfo;
  /**
   * @param signature any bytes; for ECDSA they should be a DER ECDSA-Sig-Value
   * @returns false for anything that is not a valid signature, also where the key is of another type; it never throws for bad input
   */
  verify(algorithm: SignatureAlgorithm, input: Uint8Array, signature: Uint8Array): MaybePromise<boolean>;
}

export interface PrivateKey {
  readonly info: Pick<PrivateKeyInfo, 'type' | 'curve'>;
  /** The matching SubjectPublicKeyInfo as DER, with which a key can be checked against its certificate. */
  readonly publicKeySpki: MaybePromise<Uint8Array>;
  /**
   * Signs. @throws TlsError `ERR_TLS_API_MISUSE`, or rejects with it, when the key is of another type or bound to another hash
   * (RFC 4055 §3.3)
   */
  sign(algorithm: SignatureAlgorithm, input: Uint8Array): MaybePromise<Uint8Array>;
}

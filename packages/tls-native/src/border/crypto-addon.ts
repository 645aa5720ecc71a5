/** C++ holds what these stand for. Only the addon makes them. */
export interface RunningHashHandle {
  readonly runningHash: unique symbol;
}
export interface AeadHandle {
  readonly aead: unique symbol;
}
export interface KeyPairHandle {
  readonly keyPair: unique symbol;
}
export interface MlKemKeyHandle {
  readonly mlKemKey: unique symbol;
}
export interface VerifyingKeyHandle {
  readonly verifyingKey: unique symbol;
}
export interface SigningKeyHandle {
  readonly signingKey: unique symbol;
}

/** Where OpenSSL's functions were found, and which OpenSSL it is. */
export interface CryptoLibrary {
  /** `node`: the program that runs us has them. `system`: they are in a library of the system, which is newer or the only one. */
  readonly source: 'node' | 'system';
  /** E.g. `OpenSSL 3.5.8 25 Aug 2026`. */
  readonly version: string;
  /** The file that has the functions. It may be relative where that is the program. */
  readonly path: string;
  readonly hasMlKem: boolean;
  readonly hasMlDsa: boolean;
}

/**
 * Bytes that go into C++. A number says how many of them lie in `inputs`, behind those of the arguments before it; C++ wipes them. Small
 * buffers go this way, because Node-API takes longer to find one than OpenSSL takes to use it.
 */
export type BytesIn = number | Uint8Array;

/** The numbers by which C++ knows the hashes. */
export const HashNumber = { sha256: 0, sha384: 1, sha512: 2, sha1: 3 } as const;
export type HashNumber = (typeof HashNumber)[keyof typeof HashNumber];
export const CipherNumber = { 'aes-128-gcm': 0, 'aes-256-gcm': 1, 'chacha20-poly1305': 2 } as const;
export type CipherNumber = (typeof CipherNumber)[keyof typeof CipherNumber];
export const GroupNumber = { x25519: 0, secp256r1: 1, secp384r1: 2, secp521r1: 3 } as const;
export type GroupNumber = (typeof GroupNumber)[keyof typeof GroupNumber];
export const MlKemNumber = { 'ml-kem-768': 0, 'ml-kem-1024': 1 } as const;
export type MlKemNumber = (typeof MlKemNumber)[keyof typeof MlKemNumber];
export const PaddingNumber = { none: 0, pkcs1: 1, pss: 2 } as const;
export type PaddingNumber = (typeof PaddingNumber)[keyof typeof PaddingNumber];

/**
 * The functions of the crypto provider. A result lies at the beginning of `results` until the next call, or until it is wiped, which is for
 * the caller to do.
 */
export interface CryptoAddon {
  readonly library: CryptoLibrary;
  readonly inputs: Uint8Array;
  readonly results: Uint8Array;
  /** Fills a buffer, or as many bytes of `results` as a number says. */
  random(target: number | Uint8Array): void;
  digest(hash: HashNumber, input: BytesIn): void;
  hmac(hash: HashNumber, key: BytesIn, input: BytesIn): void;
  createHash(hash: HashNumber): RunningHashHandle;
  updateHash(hash: RunningHashHandle, input: BytesIn): void;
  /** @param extra is hashed behind what came so far, and is not part of it afterwards */
  snapshotHash(hash: RunningHashHandle, extra: BytesIn): void;
  createAead(cipher: CipherNumber, key: BytesIn): AeadHandle;
  /** @param out `undefined` for `results` */
  seal(
    aead: AeadHandle,
    nonce: BytesIn,
    additionalData: BytesIn,
    plaintext: BytesIn,
    out: Uint8Array | undefined,
  ): void;
  open(
    aead: AeadHandle,
    nonce: BytesIn,
    additionalData: BytesIn,
    ciphertext: BytesIn,
    out: Uint8Array | undefined,
  ): boolean;
  /**
   * @param input `undefined` where it is `output`
   * @param additionalData `undefined` where it is `input`
   */
  sealRecords(
    aead: AeadHandle,
    count: number,
    nonces: Uint8Array,
    places: Int32Array,
    output: Uint8Array,
    input: Uint8Array | undefined,
    additionalData: Uint8Array | undefined,
  ): void;
  /**
   * @param additionalData `undefined` where it is `input`
   * @returns how many were opened
   */
  openRecords(
    aead: AeadHandle,
    count: number,
    nonces: Uint8Array,
    places: Int32Array,
    output: Uint8Array,
    input: Uint8Array,
    additionalData: Uint8Array | undefined,
    lastBytes: Uint8Array,
  ): number;
  /** The result is the share. */
  generateKeyShare(group: GroupNumber, privateKey: BytesIn | undefined): KeyPairHandle;
  /** @returns false where the peer's share is none; else the result is the secret */
  deriveSecret(pair: KeyPairHandle, peerShare: BytesIn): boolean;
  /** The result is the encapsulation key. */
  generateMlKemKey(parameterSet: MlKemNumber, seed: BytesIn | undefined): MlKemKeyHandle;
  /** @returns false where the ciphertext has a wrong length; else the result is the secret */
  decapsulate(key: MlKemKeyHandle, ciphertext: BytesIn): boolean;
  /**
   * @param message of no bytes: it is random
   * @returns false where the key is none; else the result is the ciphertext and, behind it, the secret
   */
  encapsulate(parameterSet: MlKemNumber, encapsulationKey: BytesIn, message: BytesIn): boolean;
  importVerifyingKey(spki: BytesIn): VerifyingKeyHandle | undefined;
  /** @param hash `undefined` where the algorithm has one inside */
  verify(
    key: VerifyingKeyHandle,
    hash: HashNumber | undefined,
    padding: PaddingNumber,
    input: BytesIn,
    signature: BytesIn,
  ): boolean;
  /** @param isOnCurve 1 where the key is a scalar, whose range is then checked; else 0 */
  importSigningKey(pkcs8: BytesIn, isOnCurve: 0 | 1): SigningKeyHandle | undefined;
  /** @returns the length of the result, which is a SubjectPublicKeyInfo */
  publicHalf(key: SigningKeyHandle): number;
  /** @returns the length of the result, or 0 where the key does not sign in this way */
  sign(key: SigningKeyHandle, hash: HashNumber | undefined, padding: PaddingNumber, input: BytesIn): number;
}

import type { AEAD, KDF, KEM, Key } from 'hpke';
import { hpkeLibrary } from '#hpke';
import {
  type AeadAlgorithm,
  type CryptoProvider,
  type HashAlgorithm,
  type KeyExchangeAlgorithm,
  type KeyShare,
  aeadNonceLength,
  aeadTagLength,
} from '@org/tls-crypto';
import { asciiBytes, concatBytes } from '@org/tls-core/backend';
import { hashLength, hkdfExpand, hkdfExtract } from '@org/tls-crypto';

/** Key encapsulation mechanisms (RFC 9180 §7.1). */
export const HpkeKemId = { dhkemP256HkdfSha256: 0x0010, dhkemX25519HkdfSha256: 0x0020 } as const;
/** Key derivation functions (RFC 9180 §7.2). */
export const HpkeKdfId = { hkdfSha256: 0x0001, hkdfSha384: 0x0002, hkdfSha512: 0x0003 } as const;
/** AEADs (RFC 9180 §7.3). */
export const HpkeAeadId = { aes128Gcm: 0x0001, aes256Gcm: 0x0002, chacha20Poly1305: 0x0003 } as const;

/** A Diffie-Hellman KEM, all lengths in bytes. */
export interface HpkeKem {
  readonly id: number;
  readonly name: string;
  readonly keyExchange: KeyExchangeAlgorithm;
  readonly hash: HashAlgorithm;
  readonly secretLength: number;
  /** Of a public key and of `enc`. */
  readonly publicKeyLength: number;
  readonly privateKeyLength: number;
}

export interface HpkeKdf {
  readonly id: number;
  readonly name: string;
  readonly hash: HashAlgorithm;
  readonly hashLength: number;
}

export interface HpkeAead {
  readonly id: number;
  readonly name: string;
  readonly aead: AeadAlgorithm;
  readonly keyLength: number;
}

/** A key as bytes, for the library, which only looks at its type. */
export interface BytesKey extends Key {
  readonly bytes: Uint8Array;
}

export function bytesKey(type: 'public' | 'private', bytes: Uint8Array): BytesKey {
  return { algorithm: { name: 'bytes' }, extractable: false, type, bytes };
}

/**
 * The KEM over a provider (RFC 9180 §4.1).
 * @param ephemeral the sender's key pair instead of a random one
 */
export function kemOver(crypto: CryptoProvider, kem: HpkeKem, ephemeral: KeyShare | undefined): KEM<BytesKey> {
  return {
    type: 'KEM',
    id: kem.id,
    name: kem.name,
    Nsecret: kem.secretLength,
    Nenc: kem.publicKeyLength,
    Npk: kem.publicKeyLength,
    Nsk: kem.privateKeyLength,
    async Encap(recipient) {
      const sender = ephemeral ?? crypto.generateKeyShare(kem.keyExchange);
      const enc = sender.publicKey;
      const secret = await sender.deriveSharedSecret(recipient.bytes);
      return { enc, shared_secret: await extractAndExpand(crypto, kem, secret, concatBytes([enc, recipient.bytes])) };
    },
    async Decap(enc, privateKey) {
      const recipient = crypto.generateKeyShare(kem.keyExchange, privateKey.bytes);
      const secret = await recipient.deriveSharedSecret(enc);
      return extractAndExpand(crypto, kem, secret, concatBytes([enc, recipient.publicKey]));
    },
    DeriveKeyPair: notUsed,
    GenerateKeyPair: notUsed,
    SerializePublicKey: notUsed,
    DeserializePublicKey: notUsed,
    SerializePrivateKey: notUsed,
    DeserializePrivateKey: notUsed,
  };
}

/** ExtractAndExpand (RFC 9180 §4.1). Wipes `secret`. */
async function extractAndExpand(
  crypto: CryptoProvider,
  kem: HpkeKem,
  secret: Uint8Array,
  kemContext: Uint8Array,
): Promise<Uint8Array> {
  const { LabeledExpand, LabeledExtract } = hpkeLibrary();
  const kdf = extractorsOver(crypto, kem.hash);
  const suiteId = Uint8Array.of(0x4b, 0x45, 0x4d, kem.id >> 8, kem.id); // "KEM", kem_id
  const pseudorandomKey = await LabeledExtract(kdf, suiteId, empty, asciiBytes('eae_prk'), secret);
  secret.fill(0);
  return LabeledExpand(kdf, suiteId, pseudorandomKey, asciiBytes('shared_secret'), kemContext, kem.secretLength);
}

/** The KDF over a provider (RFC 9180 §4). */
export function kdfOver(crypto: CryptoProvider, { id, name, hash, hashLength }: HpkeKdf): KDF {
  return { type: 'KDF', id, name, Nh: hashLength, stages: 2, ...extractorsOver(crypto, hash), Derive: notUsed };
}

/** The AEAD over a provider (RFC 9180 §4). */
export function aeadOver(crypto: CryptoProvider, { id, name, aead, keyLength }: HpkeAead): AEAD {
  return {
    type: 'AEAD',
    id,
    name,
    Nk: keyLength,
    Nn: aeadNonceLength,
    Nt: aeadTagLength,
    // async: what it throws must reject
    async Seal(key, nonce, aad, plaintext) {
      const ciphertext = new Uint8Array(plaintext.length + aeadTagLength);
      crypto.createAead(aead, key).seal(nonce, aad, plaintext, ciphertext);
      return ciphertext;
    },
    async Open(key, nonce, aad, ciphertext) {
      if (ciphertext.length < aeadTagLength) throw new RangeError('the ciphertext is shorter than its tag');
      const plaintext = new Uint8Array(ciphertext.length - aeadTagLength);
      if (!crypto.createAead(aead, key).open(nonce, aad, ciphertext, plaintext)) throw new Error('the tag is wrong');
      return plaintext;
    },
  };
}

function extractorsOver(crypto: CryptoProvider, hash: HashAlgorithm): Pick<KDF, 'Extract' | 'Expand'> {
  return {
    // a salt that is left out is HashLen zeros (RFC 5869 §2.2); one zero is the same to HMAC, and not refused as an empty key
    async Extract(salt, input) {
      const key = new Uint8Array(hashLength[hash]);
      hkdfExtract(crypto, hash, salt.length === 0 ? oneZero : salt, input, key);
      return key;
    },
    async Expand(key, info, length) {
      const material = new Uint8Array(length);
      hkdfExpand(crypto, hash, key, info, material);
      return material;
    },
  };
}

/** Keys come and go as bytes, so that the library never imports, exports or makes one. */
async function notUsed(): Promise<never> {
  throw new Error('HPKE: not used here');
}

const empty = new Uint8Array(0);
const oneZero = new Uint8Array(1);

export const hpkeKems: readonly HpkeKem[] = [
  {
    id: HpkeKemId.dhkemX25519HkdfSha256,
    name: 'DHKEM(X25519, HKDF-SHA256)',
    keyExchange: 'x25519',
    hash: 'sha256',
    secretLength: 32,
    publicKeyLength: 32,
    privateKeyLength: 32,
  },
  {
    id: HpkeKemId.dhkemP256HkdfSha256,
    name: 'DHKEM(P-256, HKDF-SHA256)',
    keyExchange: 'secp256r1',
    hash: 'sha256',
    secretLength: 32,
    publicKeyLength: 65,
    privateKeyLength: 32,
  },
];

export const hpkeKdfs: readonly HpkeKdf[] = [
  { id: HpkeKdfId.hkdfSha256, name: 'HKDF-SHA256', hash: 'sha256', hashLength: 32 },
  { id: HpkeKdfId.hkdfSha384, name: 'HKDF-SHA384', hash: 'sha384', hashLength: 48 },
  { id: HpkeKdfId.hkdfSha512, name: 'HKDF-SHA512', hash: 'sha512', hashLength: 64 },
];

export const hpkeAeads: readonly HpkeAead[] = [
  { id: HpkeAeadId.aes128Gcm, name: 'AES-128-GCM', aead: 'aes-128-gcm', keyLength: 16 },
  { id: HpkeAeadId.aes256Gcm, name: 'AES-256-GCM', aead: 'aes-256-gcm', keyLength: 32 },
  { id: HpkeAeadId.chacha20Poly1305, name: 'ChaCha20Poly1305', aead: 'chacha20-poly1305', keyLength: 32 },
];

import type { CipherSuite } from 'hpke';
import { hpkeLibrary } from '#hpke';
import { TlsError } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';
import type { CryptoProvider, KeyShare } from '@org/tls-crypto';
import {
  aeadOver,
  bytesKey,
  hpkeAeads,
  hpkeKdfs,
  hpkeKems,
  kdfOver,
  kemOver,
  type BytesKey,
  type HpkeAead,
  type HpkeKdf,
  type HpkeKem,
} from './hpke-algorithms.ts';

/** A KDF and an AEAD by their registered numbers: `HpkeSymmetricCipherSuite` (RFC 9849 §4). */
export interface HpkeSymmetricCipherSuite {
  readonly kdfId: number;
  readonly aeadId: number;
}

/** A whole HPKE suite (RFC 9180 §5.1). */
export interface HpkeSuite extends HpkeSymmetricCipherSuite {
  readonly kemId: number;
}

/** A sender's context in base mode; it counts what it seals. */
export interface HpkeSender {
  /** The encapsulated key. */
  readonly enc: Uint8Array;
  /** Seals the next message (RFC 9180 §5.2). */
  seal(additionalData: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array>;
}

/** A recipient's context in base mode; it counts what it opened, and a message that does not open is not counted. */
export interface HpkeReceiver {
  /**
   * Opens the next message (RFC 9180 §5.2).
   * @throws TlsError `ERR_TLS_DECRYPT`, by rejection, when it does not open
   */
  open(additionalData: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array>;
}

export interface HpkeKeyPair {
  readonly publicKey: Uint8Array;
  /** The caller's to keep secret and to wipe. */
  readonly privateKey: Uint8Array;
}

/** Bytes that a ciphertext has more than its plaintext, with every AEAD here. */
export const hpkeOverhead = 16;

/** The KEM with this number; `undefined` when we do not have it. */
export function kemOf(id: number): HpkeKem | undefined {
  return hpkeKems.find((kem) => kem.id === id);
}

/** Whether all three parts of a suite are ours. */
export function isHpkeSuiteSupported(suite: HpkeSuite): boolean {
  return partsOf(suite) !== undefined;
}

/**
 * SetupBaseS (RFC 9180 §5.1.1).
 * @param ephemeral the sender's key pair instead of a random one
 * @throws TlsError `ERR_TLS_CONFIG`, by rejection, when the public key gives no secret; `ERR_TLS_UNSUPPORTED` on a suite that is not ours
 */
export async function setupSender(
  crypto: CryptoProvider,
  suite: HpkeSuite,
  publicKey: Uint8Array,
  info: Uint8Array,
  ephemeral?: KeyShare,
): Promise<HpkeSender> {
  const library = librarySuite(crypto, suite, ephemeral);
  try {
    const { encapsulatedSecret, ctx } = await library.SetupSender(bytesKey('public', publicKey), { info });
    return {
      enc: encapsulatedSecret,
      seal: async (additionalData, plaintext) => ctx.Seal(plaintext, additionalData),
    };
  } catch (cause) {
    throw new TlsError('ERR_TLS_CONFIG', 'HPKE: the public key gives no secret', { cause });
  }
}

/**
 * SetupBaseR (RFC 9180 §5.1.1).
 * @param privateKey neither kept nor wiped
 * @throws TlsError `ERR_TLS_DECRYPT`, by rejection, when `enc` gives no secret; `ERR_TLS_UNSUPPORTED` on a suite that is not ours
 */
export async function setupReceiver(
  crypto: CryptoProvider,
  suite: HpkeSuite,
  privateKey: Uint8Array,
  enc: Uint8Array,
  info: Uint8Array,
): Promise<HpkeReceiver> {
  const library = librarySuite(crypto, suite, undefined);
  const context = await orDecryptError(
    'enc gives no secret',
    library.SetupRecipient(bytesKey('private', privateKey), enc, { info }),
  );
  return {
    open: async (additionalData, ciphertext) =>
      orDecryptError('the ciphertext does not open', context.Open(ciphertext, additionalData)),
  };
}

/**
 * GenerateKeyPair (RFC 9180 §4).
 * @param randomFill where the private key comes from; default: the provider's generator
 * @throws TlsError `ERR_TLS_UNSUPPORTED` on a KEM that is not ours
 */
export function generateKeyPair(
  crypto: CryptoProvider,
  kemId: number,
  randomFill: (into: Uint8Array) => void = (into) => crypto.randomFill(into),
): HpkeKeyPair {
  const kem = kemOf(kemId);
  if (kem === undefined) throw unsupported({ kemId, kdfId: 0, aeadId: 0 });
  const privateKey = new Uint8Array(kem.privateKeyLength);
  // any 32 bytes are a key of X25519; of P-256 those below its order, which begins with four bytes of ones
  do randomFill(privateKey);
  while (kem.keyExchange !== 'x25519' && privateKey.subarray(0, 4).every((byte) => byte === 0xff));
  return { publicKey: publicKeyOf(crypto, kem, privateKey), privateKey };
}

/** The public key of a private one. */
export function publicKeyOf(crypto: CryptoProvider, kem: HpkeKem, privateKey: Uint8Array): Uint8Array {
  return copyBytes(crypto.generateKeyShare(kem.keyExchange, privateKey).publicKey);
}

function librarySuite(
  crypto: CryptoProvider,
  suite: HpkeSuite,
  ephemeral: KeyShare | undefined,
): CipherSuite<BytesKey> {
  const parts = partsOf(suite);
  if (parts === undefined) throw unsupported(suite);
  const { kem, kdf, aead } = parts;
  const { CipherSuite: LibrarySuite } = hpkeLibrary();
  return new LibrarySuite<BytesKey>(
    () => kemOver(crypto, kem, ephemeral),
    () => kdfOver(crypto, kdf),
    () => aeadOver(crypto, aead),
  );
}

interface SuiteParts {
  readonly kem: HpkeKem;
  readonly kdf: HpkeKdf;
  readonly aead: HpkeAead;
}

function partsOf({ kemId, kdfId, aeadId }: HpkeSuite): SuiteParts | undefined {
  const kem = kemOf(kemId);
  const kdf = hpkeKdfs.find(({ id }) => id === kdfId);
  const aead = hpkeAeads.find(({ id }) => id === aeadId);
  return kem === undefined || kdf === undefined || aead === undefined ? undefined : { kem, kdf, aead };
}

async function orDecryptError<T>(message: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (cause) {
    throw new TlsError('ERR_TLS_DECRYPT', `HPKE: ${message}`, { cause });
  }
}

function unsupported({ kemId, kdfId, aeadId }: HpkeSuite): TlsError {
  return new TlsError(
    'ERR_TLS_UNSUPPORTED',
    `HPKE: KEM ${kemId} with KDF ${kdfId} and AEAD ${aeadId} is not supported`,
  );
}

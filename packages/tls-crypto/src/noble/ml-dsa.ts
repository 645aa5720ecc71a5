import { shake256 } from '@noble/hashes/sha3.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { TlsError } from '@org/tls-core';
import { DerTag } from '../der/der-reader.ts';
import { derElement } from '../der/der-writer.ts';
import { copyBytes, equalBytes, equalSecret } from '@org/tls-core/backend';
import { assertKeyFitsAlgorithm } from '../provider-rules/key-use.ts';
import type { MlDsa, PrivateKey, PrivateKeyInfo } from '../provider.ts';

type Implementation = Pick<typeof ml_dsa44, 'keygen' | 'getPublicKey' | 'sign' | 'verify'>;

const implementations: Readonly<Record<MlDsa, Implementation>> = {
  'ml-dsa-44': ml_dsa44,
  'ml-dsa-65': ml_dsa65,
  'ml-dsa-87': ml_dsa87,
};

/** Verifies with pure ML-DSA and an empty context (FIPS 204 §5.3; draft-ietf-tls-mldsa §3, RFC 9881 §3). The signature may be any bytes. */
export function verifyMlDsa(type: MlDsa, key: Uint8Array, input: Uint8Array, signature: Uint8Array): boolean {
  try {
    return implementations[type].verify(signature, input, key);
  } catch {
    return false; // noble throws on a malformed key or signature
  }
}

/** @throws TlsError `ERR_TLS_IDENTITY` when the key is malformed or contradicts itself */
export function importMlDsaPrivateKey(type: MlDsa, info: PrivateKeyInfo): PrivateKey {
  const { secretKey, publicKey } = keyPairOf(type, info);
  const subjectPublicKey = derElement(DerTag.bitString, Uint8Array.of(0), publicKey);
  const publicKeySpki = derElement(DerTag.sequence, algorithmIdentifiers[type], subjectPublicKey);
  return {
    info: { type },
    publicKeySpki,
    sign(algorithm, input) {
      assertKeyFitsAlgorithm({ type, spki: publicKeySpki }, algorithm);
      // The signature is hedged, which means that noble draws fresh randomness (FIPS 204 §3.4).
      return implementations[type].sign(input, secretKey);
    },
  };
}

const seedLength = 32;
/** Where tr, the hash of the public key, begins in an expanded key: behind ρ and K (FIPS 204, algorithm 24). */
const trOffset = 64;
const trLength = 64;

interface MlDsaKeyPair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

function keyPairOf(type: MlDsa, { secret, expandedKey }: PrivateKeyInfo): MlDsaKeyPair {
  if (secret === undefined) throw badKey('the private key holds no secret');
  if (secret.length !== seedLength) return fromExpandedKey(type, copyBytes(secret));
  const pair = orBadKey(() => implementations[type].keygen(secret));
  if (expandedKey !== undefined && !equalSecret(pair.secretKey, expandedKey))
    throw badKey('the expanded ML-DSA key is not that of the seed (RFC 9881 §8.2)');
  return pair;
}

function fromExpandedKey(type: MlDsa, secretKey: Uint8Array): MlDsaKeyPair {
  const publicKey = orBadKey(() => implementations[type].getPublicKey(secretKey));
  const tr = secretKey.subarray(trOffset, trOffset + trLength);
  if (!equalBytes(tr, shake256(publicKey, { dkLen: trLength })))
    throw badKey('the expanded ML-DSA key contradicts itself');
  return { secretKey, publicKey };
}

function orBadKey<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw badKey('the ML-DSA key is malformed', cause);
  }
}

function badKey(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_IDENTITY', message, { cause });
}

/** The AlgorithmIdentifiers, which have no parameters (RFC 9881 §2): 2.16.840.1.101.3.4.3.17, .18 and .19. */
const algorithmIdentifiers: Readonly<Record<MlDsa, Uint8Array>> = {
  'ml-dsa-44': algorithmIdentifier(17),
  'ml-dsa-65': algorithmIdentifier(18),
  'ml-dsa-87': algorithmIdentifier(19),
};

function algorithmIdentifier(arc: number): Uint8Array {
  return Uint8Array.of(0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, arc);
}

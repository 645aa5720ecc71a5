import type { MaybePromise } from '@org/tls-core';
import { x25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { copyBytes } from '@org/tls-core/backend';
import {
  badShare,
  encapsulateByKeyShare,
  encapsulateHybrid,
  encapsulateKem,
  hybridKeyShare,
  kemKeyShare,
  type KemParts,
} from '../provider-rules/kem.ts';
import {
  isHybrid,
  isKem,
  pointLength,
  uncompressedPoint,
  x25519Length,
  type EcdhCurve,
  type KeyExchangeAlgorithm,
} from '../key-exchange.ts';
import type { Encapsulation, KeyShare } from '../provider.ts';
import { nobleMlKem } from './ml-kem.ts';

const curves = { secp256r1: p256, secp384r1: p384, secp521r1: p521 } as const satisfies Readonly<
  Record<EcdhCurve, unknown>
>;

/** Makes a key pair, fresh or from a given private key, with noble. Its scalar multiplication takes the same time for every key. */
export function generateNobleKeyShare(algorithm: KeyExchangeAlgorithm, privateKey?: Uint8Array): KeyShare {
  if (algorithm === 'x25519') return x25519KeyShare(privateKey);
  if (isHybrid(algorithm)) return hybridKeyShare(algorithm, nobleParts, privateKey);
  if (isKem(algorithm)) return kemKeyShare(algorithm, nobleParts, privateKey);
  return ecKeyShare(algorithm, privateKey);
}

export function nobleEncapsulate(
  algorithm: KeyExchangeAlgorithm,
  peer: Uint8Array,
  random?: Uint8Array,
): MaybePromise<Encapsulation> {
  if (isHybrid(algorithm)) return encapsulateHybrid(algorithm, nobleParts, peer, random);
  if (isKem(algorithm)) return encapsulateKem(algorithm, nobleParts, peer, random);
  return encapsulateByKeyShare(generateNobleKeyShare(algorithm, random), peer);
}

const nobleParts: KemParts = {
  kem: (parameterSet) => nobleMlKem[parameterSet],
  ecdh: generateNobleKeyShare,
};

function x25519KeyShare(given: Uint8Array | undefined): KeyShare {
  const secret = given === undefined ? x25519.utils.randomSecretKey() : copyBytes(given);
  return {
    algorithm: 'x25519',
    publicKey: x25519.getPublicKey(secret),
    deriveSharedSecret(peerPublicKey) {
      if (peerPublicKey.length !== x25519Length)
        throw badShare(`x25519: expected 32 bytes, got ${peerPublicKey.length}`);
      // noble refuses a result of all zeros (RFC 7748 §6.1).
      return tryTo('x25519: the peer’s share gives no secret', () => x25519.getSharedSecret(secret, peerPublicKey));
    },
  };
}

function ecKeyShare(algorithm: EcdhCurve, given: Uint8Array | undefined): KeyShare {
  const curve = curves[algorithm];
  const secret = given === undefined ? curve.utils.randomSecretKey() : copyBytes(given);
  return {
    algorithm,
    publicKey: curve.getPublicKey(secret, false),
    deriveSharedSecret(peerPublicKey) {
      // Only uncompressed points are allowed (RFC 8446 §4.2.8.2).
      if (peerPublicKey.length !== pointLength(algorithm) || peerPublicKey[0] !== uncompressedPoint) {
        throw badShare(`${algorithm}: expected an uncompressed point of ${pointLength(algorithm)} bytes`);
      }
      // The secret is the x-coordinate (RFC 8446 §7.4.2).
      return tryTo(`${algorithm}: the peer’s point is not on the curve`, () =>
        curve.getSharedSecret(secret, peerPublicKey, true).slice(1),
      );
    },
  };
}

function tryTo<T>(failure: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw badShare(failure, error);
  }
}

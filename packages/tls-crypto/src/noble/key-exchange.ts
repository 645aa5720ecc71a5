import type { MaybePromise } from '@org/tls-core';
import { x25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { copyBytes } from '@org/tls-core/backend';
import { pointLength, uncompressedPoint } from '../provider-rules/ec-point.ts';
import {
  badShare,
  encapsulateByKeyShare,
  encapsulateHybrid,
  encapsulateMlKem1024,
  hybridKeyShare,
  isHybrid,
  mlKem1024KeyShare,
  type KemParts,
} from '../provider-rules/kem.ts';
import type { Curve, Encapsulation, KeyExchangeAlgorithm, KeyShare } from '../provider.ts';
import { nobleMlKem } from './ml-kem.ts';

const x25519Length = 32;
const curves = { secp256r1: p256, secp384r1: p384, secp521r1: p521 } as const;

/** Makes a key pair, fresh or from a given private key, with noble. Its scalar multiplication takes the same time for every key. */
export function generateNobleKeyShare(algorithm: KeyExchangeAlgorithm, privateKey?: Uint8Array): KeyShare {
  if (algorithm === 'x25519') return x25519KeyShare(privateKey);
  if (isHybrid(algorithm)) return hybridKeyShare(algorithm, nobleParts, privateKey);
  if (algorithm === 'mlkem1024') return mlKem1024KeyShare(nobleMlKem['ml-kem-1024'], privateKey);
  return ecKeyShare(algorithm, privateKey);
}

export function nobleEncapsulate(
  algorithm: KeyExchangeAlgorithm,
  peer: Uint8Array,
  random?: Uint8Array,
): MaybePromise<Encapsulation> {
  if (isHybrid(algorithm)) return encapsulateHybrid(algorithm, nobleParts, peer, random);
  if (algorithm === 'mlkem1024') return encapsulateMlKem1024(nobleMlKem['ml-kem-1024'], peer, random);
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

function ecKeyShare(algorithm: Curve, given: Uint8Array | undefined): KeyShare {
  const curve = curves[algorithm];
  const secret = given === undefined ? curve.utils.randomSecretKey() : copyBytes(given);
  return {
    algorithm,
    publicKey: curve.getPublicKey(secret, false),
    deriveSharedSecret(peerPublicKey) {
      // Only uncompressed points are allowed (RFC 8446 §4.2.8.2).
      if (peerPublicKey.length !== pointLength[algorithm] || peerPublicKey[0] !== uncompressedPoint) {
        throw badShare(`${algorithm}: expected an uncompressed point of ${pointLength[algorithm]} bytes`);
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

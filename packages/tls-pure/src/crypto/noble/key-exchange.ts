import { x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { TlsError } from '@org/tls-core';
import { copyBytes } from '../bytes.ts';
import type { KeyExchangeAlgorithm, KeyShare } from '../provider.ts';

const x25519Length = 32;
const p256PointLength = 65;
const uncompressedPoint = 4;

/** Fresh or given key pairs over noble, whose scalar multiplications take the same time for every key. */
export function generateNobleKeyShare(algorithm: KeyExchangeAlgorithm, privateKey?: Uint8Array): KeyShare {
  return algorithm === 'x25519' ? x25519KeyShare(privateKey) : p256KeyShare(privateKey);
}

function x25519KeyShare(given: Uint8Array | undefined): KeyShare {
  const secret = given === undefined ? x25519.utils.randomSecretKey() : copyBytes(given);
  return {
    algorithm: 'x25519',
    publicKey: x25519.getPublicKey(secret),
    deriveSharedSecret(peerPublicKey) {
      if (peerPublicKey.length !== x25519Length)
        throw badShare(`x25519: expected 32 bytes, got ${peerPublicKey.length}`);
      // noble refuses a result of all zeros (RFC 7748 §6.1)
      return tryTo('x25519: the peer’s share gives no secret', () => x25519.getSharedSecret(secret, peerPublicKey));
    },
  };
}

function p256KeyShare(given: Uint8Array | undefined): KeyShare {
  const secret = given === undefined ? p256.utils.randomSecretKey() : copyBytes(given);
  return {
    algorithm: 'secp256r1',
    publicKey: p256.getPublicKey(secret, false),
    deriveSharedSecret(peerPublicKey) {
      // RFC 8446 §4.2.8.2: only uncompressed points
      if (peerPublicKey.length !== p256PointLength || peerPublicKey[0] !== uncompressedPoint) {
        throw badShare('secp256r1: expected an uncompressed point of 65 bytes');
      }
      // §7.4.2: the secret is the x-coordinate
      return tryTo('secp256r1: the peer’s point is not on the curve', () =>
        p256.getSharedSecret(secret, peerPublicKey, true).slice(1),
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

function badShare(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message, { cause });
}

import { x25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { copyBytes } from '@org/tls-core/backend';
import { badShare, checkEcdhShare } from '../provider-rules/kem.ts';
import type { Ecdh, EcdhCurve } from '../key-exchange.ts';
import type { KeyShare } from '../provider.ts';

const curves = { secp256r1: p256, secp384r1: p384, secp521r1: p521 } as const satisfies Readonly<
  Record<EcdhCurve, unknown>
>;

/** Makes a key pair of ECDH with noble, whose scalar multiplication takes the same time for every key. */
export function nobleEcdh(algorithm: Ecdh, privateKey: Uint8Array | undefined): KeyShare {
  return algorithm === 'x25519' ? x25519KeyShare(privateKey) : ecKeyShare(algorithm, privateKey);
}

function x25519KeyShare(given: Uint8Array | undefined): KeyShare {
  const secret = given === undefined ? x25519.utils.randomSecretKey() : copyBytes(given);
  return {
    algorithm: 'x25519',
    publicKey: x25519.getPublicKey(secret),
    deriveSharedSecret(peerPublicKey) {
      checkEcdhShare('x25519', peerPublicKey);
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
      checkEcdhShare(algorithm, peerPublicKey);
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

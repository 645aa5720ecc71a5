import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type ECDH,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { copyBytes } from '@org/tls-core/backend';
import { badShare, checkEcdhShare, keyExchangeOf } from '../provider-rules/kem.ts';
import { x25519Length, type EcdhCurve } from '../key-exchange.ts';
import type { KeyShare } from '../provider.ts';
import { noble } from '#noble';
import { hasNodeCurve, opensslName } from './curves.ts';
import { nodeMlKem } from './ml-kem.ts';
import { importX25519 } from './public-key.ts';

/** The key exchanges with node:crypto, and with noble on a curve that the runtime's does not know. */
export const nodeKeyExchange = keyExchangeOf({
  kem: nodeMlKem,
  ecdh: (algorithm, privateKey) =>
    algorithm === 'x25519' ? x25519KeyShare(privateKey) : ecKeyShare(algorithm, privateKey),
});

function ecKeyShare(curve: EcdhCurve, privateKey: Uint8Array | undefined): KeyShare {
  return hasNodeCurve(curve)
    ? new EcdhKeyShare(curve, privateKey)
    : noble.keyExchange().nobleKeyExchange.generateKeyShare(curve, privateKey);
}

function x25519KeyShare(privateKey: Uint8Array | undefined): KeyShare {
  return privateKey === undefined ? freshX25519() : givenX25519(privateKey);
}

/**
 * Makes a key pair and asks for the public key as JWK instead of exporting it: an export of a generated KeyObject can hang Node 20, and
 * takes ten times as long.
 */
function freshX25519(): KeyShare {
  // Node's types do not know that the public key alone can be encoded as JWK.
  const generate = generateKeyPairSync as unknown as (
    type: 'x25519',
    options: { readonly publicKeyEncoding: { readonly format: 'jwk' } },
  ) => { readonly publicKey: JsonWebKey; readonly privateKey: KeyObject };
  const { publicKey, privateKey } = generate('x25519', { publicKeyEncoding: { format: 'jwk' } });
  return new X25519KeyShare(privateKey, publicKey);
}

function givenX25519(bytes: Uint8Array): KeyShare {
  if (bytes.length !== x25519Length) throw new RangeError(`private key: expected 32 bytes, got ${bytes.length}`);
  const pkcs8 = Buffer.concat([x25519Pkcs8Header, bytes]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  pkcs8.fill(0);
  return new X25519KeyShare(privateKey, createPublicKey(privateKey).export({ format: 'jwk' }));
}

/** The DER of a PrivateKeyInfo up to the key (RFC 8410 §7). */
const x25519Pkcs8Header = Buffer.from('302e020100300506032b656e04220420', 'hex');

class X25519KeyShare implements KeyShare {
  readonly algorithm = 'x25519';
  readonly publicKey: Uint8Array;
  readonly #privateKey: KeyObject;

  constructor(privateKey: KeyObject, publicKey: JsonWebKey) {
    this.#privateKey = privateKey;
    this.publicKey = Buffer.from(publicKey.x ?? '', 'base64url');
  }

  deriveSharedSecret(peerPublicKey: Uint8Array): Uint8Array {
    checkEcdhShare('x25519', peerPublicKey);
    try {
      const publicKey = importX25519(peerPublicKey);
      // OpenSSL refuses a result of all zeros (RFC 7748 §6.1)
      return diffieHellman({ privateKey: this.#privateKey, publicKey });
    } catch (error) {
      throw badShare('x25519: the peer’s share gives no secret', error);
    }
  }
}

class EcdhKeyShare implements KeyShare {
  readonly algorithm: EcdhCurve;
  readonly publicKey: Uint8Array;
  readonly #ecdh: ECDH;

  constructor(algorithm: EcdhCurve, privateKey: Uint8Array | undefined) {
    this.algorithm = algorithm;
    this.#ecdh = createECDH(opensslName(algorithm));
    if (privateKey === undefined) {
      this.publicKey = this.#ecdh.generateKeys();
      return;
    }
    // Deno's keeps the bytes that it is given, which remain the caller's.
    this.#ecdh.setPrivateKey(copyBytes(privateKey));
    this.publicKey = this.#ecdh.getPublicKey();
  }

  deriveSharedSecret(peerPublicKey: Uint8Array): Uint8Array {
    checkEcdhShare(this.algorithm, peerPublicKey);
    try {
      return this.#ecdh.computeSecret(peerPublicKey);
    } catch (error) {
      throw badShare(`${this.algorithm}: the peer’s point is not on the curve`, error);
    }
  }
}

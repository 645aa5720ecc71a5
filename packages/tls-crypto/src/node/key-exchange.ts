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
import type { MaybePromise } from '@org/tls-core';
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
import { nodeMlKem } from './ml-kem.ts';

/** Makes a key pair, fresh or from a given private key, with node:crypto. */
export function generateNodeKeyShare(algorithm: KeyExchangeAlgorithm, privateKey?: Uint8Array): KeyShare {
  if (algorithm === 'x25519') return x25519KeyShare(privateKey);
  if (isHybrid(algorithm)) return hybridKeyShare(algorithm, nodeParts, privateKey);
  if (isKem(algorithm)) return kemKeyShare(algorithm, nodeParts, privateKey);
  return new EcdhKeyShare(algorithm, privateKey);
}

export function nodeEncapsulate(
  algorithm: KeyExchangeAlgorithm,
  peer: Uint8Array,
  random?: Uint8Array,
): MaybePromise<Encapsulation> {
  if (isHybrid(algorithm)) return encapsulateHybrid(algorithm, nodeParts, peer, random);
  if (isKem(algorithm)) return encapsulateKem(algorithm, nodeParts, peer, random);
  return encapsulateByKeyShare(generateNodeKeyShare(algorithm, random), peer);
}

const nodeParts: KemParts = {
  kem: nodeMlKem,
  ecdh: generateNodeKeyShare,
};

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
    if (peerPublicKey.length !== x25519Length) {
      throw badShare(`x25519: expected 32 bytes, got ${peerPublicKey.length}`);
    }
    const x = Buffer.from(peerPublicKey.buffer, peerPublicKey.byteOffset, x25519Length).toString('base64url');
    try {
      const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
      // OpenSSL refuses a result of all zeros (RFC 7748 §6.1)
      return diffieHellman({ privateKey: this.#privateKey, publicKey });
    } catch (error) {
      throw badShare('x25519: the peer’s share gives no secret', error);
    }
  }
}

/** OpenSSL calls curves as SEC 2 does, but for the one that X9.62 had named before. */
export function opensslName(curve: EcdhCurve): string {
  return curve === 'secp256r1' ? 'prime256v1' : curve;
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
    this.#ecdh.setPrivateKey(privateKey);
    this.publicKey = this.#ecdh.getPublicKey();
  }

  deriveSharedSecret(peerPublicKey: Uint8Array): Uint8Array {
    // Only uncompressed points are allowed (RFC 8446 §4.2.8.2).
    if (peerPublicKey.length !== pointLength(this.algorithm) || peerPublicKey[0] !== uncompressedPoint) {
      throw badShare(`${this.algorithm}: expected an uncompressed point of ${pointLength(this.algorithm)} bytes`);
    }
    try {
      return this.#ecdh.computeSecret(peerPublicKey);
    } catch (error) {
      throw badShare(`${this.algorithm}: the peer’s point is not on the curve`, error);
    }
  }
}

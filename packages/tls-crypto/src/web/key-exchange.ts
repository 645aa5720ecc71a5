import type { MaybePromise } from '@org/tls-core';
import {
  fieldLength,
  hybrids,
  isHybrid,
  isKem,
  x25519Length,
  type Ecdh,
  type KeyExchangeAlgorithm,
} from '../key-exchange.ts';
import { nobleKeyExchange } from '../noble/key-exchange.ts';
import { nobleMlKem } from '../noble/ml-kem.ts';
import { badShare, checkEcdhShare, keyExchangeOf } from '../provider-rules/kem.ts';
import type { Encapsulation, KeyShare } from '../provider.ts';
import {
  hasWebAlgorithm,
  subtleOf,
  webCurveNames,
  type Subtle,
  type WebAlgorithm,
  type WebCryptoKey,
} from './subtle.ts';

/**
 * The key exchanges with WebCrypto. A server's answer is made by it alone. A client's key pair comes from noble, because its public key has to be
 * there at once, and WebCrypto gives nothing at once; with a given private key that is so on both sides. ML-KEM is noble's.
 */
export const webKeyExchange = {
  ...nobleKeyExchange,
  encapsulate(algorithm: KeyExchangeAlgorithm, peer: Uint8Array, random?: Uint8Array): MaybePromise<Encapsulation> {
    const subtle = subtleOf();
    const classical = ecdhOf(algorithm);
    if (subtle === undefined || classical === undefined || random !== undefined)
      return nobleKeyExchange.encapsulate(algorithm, peer, random);
    return encapsulateByWeb(subtle, { algorithm, classical }, Uint8Array.from(peer));
  },
};

/** Names the classical key exchange, or the classical half of a hybrid. */
function ecdhOf(algorithm: KeyExchangeAlgorithm): Ecdh | undefined {
  if (isHybrid(algorithm)) return hybrids[algorithm].ecdh;
  return isKem(algorithm) ? undefined : algorithm;
}

interface Names {
  readonly algorithm: KeyExchangeAlgorithm;
  readonly classical: Ecdh;
}

/** Makes a key pair first, so that the rules that all providers share find one that is ready. */
async function encapsulateByWeb(
  subtle: Subtle,
  { algorithm, classical }: Names,
  peer: Uint8Array,
): Promise<Encapsulation> {
  if (!(await hasWebAlgorithm(webName(classical)))) return nobleKeyExchange.encapsulate(algorithm, peer);
  const share = await freshShare(subtle, classical);
  const exchange = keyExchangeOf({ kem: (parameterSet) => nobleMlKem[parameterSet], ecdh: () => share });
  return exchange.encapsulate(algorithm, peer);
}

function webName(algorithm: Ecdh): WebAlgorithm {
  return algorithm === 'x25519' ? 'X25519' : webCurveNames[algorithm];
}

function parametersOf(algorithm: Ecdh): { readonly name: string; readonly namedCurve?: string } {
  return algorithm === 'x25519' ? { name: 'X25519' } : { name: 'ECDH', namedCurve: webCurveNames[algorithm] };
}

async function freshShare(subtle: Subtle, algorithm: Ecdh): Promise<KeyShare> {
  const pair = (await subtle.generateKey(parametersOf(algorithm), false, ['deriveBits'])) as {
    readonly publicKey: WebCryptoKey;
    readonly privateKey: WebCryptoKey;
  };
  return {
    algorithm,
    publicKey: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)),
    deriveSharedSecret(peer) {
      checkEcdhShare(algorithm, peer);
      return derive(subtle, { algorithm, privateKey: pair.privateKey }, new Uint8Array(peer));
    },
  };
}

interface OwnKey {
  readonly algorithm: Ecdh;
  readonly privateKey: WebCryptoKey;
}

async function derive(subtle: Subtle, { algorithm, privateKey }: OwnKey, peer: Uint8Array): Promise<Uint8Array> {
  const length = algorithm === 'x25519' ? x25519Length : fieldLength[algorithm];
  const parameters = parametersOf(algorithm);
  try {
    const publicKey = await subtle.importKey('raw', new Uint8Array(peer), parameters, false, []);
    const bits = await subtle.deriveBits({ name: parameters.name, public: publicKey }, privateKey, 8 * length);
    const secret = new Uint8Array(bits);
    if (secret.some((byte) => byte !== 0)) return secret;
  } catch (error) {
    throw badShare(`${algorithm}: the peer’s share gives no secret`, error);
  }
  throw badShare(`${algorithm}: the peer’s share gives a secret of zeros`); // RFC 7748 §6.1
}

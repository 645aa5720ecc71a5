import type { CryptoProvider, Ecdh, KeyExchangeAlgorithm, KeyShare } from '@org/tls-crypto';
import { nodeCrypto } from '@org/tls-crypto/node';
import {
  badShare,
  checkEcdhShare,
  ecdhShareLength,
  fieldLength,
  keyExchangeOf,
  x25519Length,
} from '@org/tls-crypto/provider-rules';
import { GroupNumber, type KeyPairHandle } from '../border/crypto-addon.ts';
import { addon } from './library.ts';
import { nativeMlKem } from './ml-kem.ts';
import { ready, take } from './scratch.ts';

type KeyExchange = Pick<CryptoProvider, 'generateKeyShare' | 'encapsulate'>;

const own: KeyExchange = keyExchangeOf({
  kem: nativeMlKem,
  ecdh: (algorithm, privateKey) => new NativeKeyShare(algorithm, privateKey),
});

/** The key exchanges with OpenSSL, and those with ML-KEM by nodeCrypto where OpenSSL has none (before 3.5). */
export const nativeKeyExchange: KeyExchange = {
  generateKeyShare: (algorithm, privateKey) => byWhom(algorithm).generateKeyShare(algorithm, privateKey),
  encapsulate: (algorithm, peer, random) => byWhom(algorithm).encapsulate(algorithm, peer, random),
};

function byWhom(algorithm: KeyExchangeAlgorithm): KeyExchange {
  return addon.library.hasMlKem || Object.hasOwn(GroupNumber, algorithm) ? own : nodeCrypto;
}

class NativeKeyShare implements KeyShare {
  readonly algorithm: Ecdh;
  readonly publicKey: Uint8Array;
  readonly #pair: KeyPairHandle;

  constructor(algorithm: Ecdh, privateKey: Uint8Array | undefined) {
    this.algorithm = algorithm;
    this.#pair = addon.generateKeyShare(
      GroupNumber[algorithm],
      privateKey === undefined ? undefined : ready(privateKey),
    );
    this.publicKey = take(ecdhShareLength(algorithm));
  }

  deriveSharedSecret(peerPublicKey: Uint8Array): Uint8Array {
    checkEcdhShare(this.algorithm, peerPublicKey);
    if (!addon.deriveSecret(this.#pair, ready(peerPublicKey)))
      throw badShare(`${this.algorithm}: the peer’s share is no point, or gives no secret`);
    return take(secretLength[this.algorithm]);
  }
}

const secretLength: Readonly<Record<Ecdh, number>> = { x25519: x25519Length, ...fieldLength };

import { integer, ownOptions } from '@org/tls-core/backend';
import { isHybrid, isKem, type KeyExchangeAlgorithm } from '../key-exchange.ts';
import { encapsulateByKeyShare } from './kem.ts';
import type { CryptoProvider, KeyShare } from '../provider.ts';

export interface KeySharesAheadOptions {
  /**
   * How many key pairs of each key exchange wait at most, from 1 to 256. Their private keys lie in memory until they are used. Default: 16.
   */
  readonly most?: number;
}

/** In milliseconds. A program that has asked for no key pair in so long is idle; it then makes one in each such time. */
const idleTime = 10;

/**
 * Gives a provider that makes ephemeral key pairs ahead while nobody asks for any, so that the next handshakes need not wait for them: for
 * programs whose connections come in bursts. It makes pairs of those key exchanges that were asked for before, one at a time. Under steady
 * load none is made ahead, and everything is as without it. No pair is given twice.
 *
 * A process that is copied while it runs, as by a snapshot of a virtual machine, has its waiting pairs twice. Do not use it there.
 * @param crypto what makes the key pairs, and does all the rest
 * @throws TlsError `ERR_TLS_CONFIG` on a number out of range
 * @throws TypeError on an unknown option or one of a wrong type
 */
export function keySharesAhead(crypto: CryptoProvider, options: KeySharesAheadOptions = {}): CryptoProvider {
  const { most = 16 } = ownOptions(options, ['most']);
  const shares = new SharesAhead(crypto, integer(1, 256)(most, 'most'));
  return Object.freeze({
    name: crypto.name,
    hasHardwareAes: crypto.hasHardwareAes,
    hasPostQuantum: crypto.hasPostQuantum ?? true,
    randomFill: (into) => crypto.randomFill(into),
    createHash: (algorithm) => crypto.createHash(algorithm),
    hash: (algorithm, input) => crypto.hash(algorithm, input),
    sha1: (input) => crypto.sha1(input),
    hmac: (algorithm, key, input, out) => crypto.hmac(algorithm, key, input, out),
    createAead: (algorithm, key) => crypto.createAead(algorithm, key),
    generateKeyShare: (algorithm, privateKey) =>
      privateKey === undefined ? shares.take(algorithm) : crypto.generateKeyShare(algorithm, privateKey),
    encapsulate(algorithm, peer, random) {
      // a server's key pair of a KEM is the client's, and what it adds depends on that
      if (random !== undefined || isHybrid(algorithm) || isKem(algorithm))
        return crypto.encapsulate(algorithm, peer, random);
      return encapsulateByKeyShare(shares.take(algorithm), peer);
    },
    importPublicKey: (key) => crypto.importPublicKey(key),
    importPrivateKey: (key) => crypto.importPrivateKey(key),
  } satisfies CryptoProvider);
}

/** Key pairs that wait to be used, by key exchange. */
class SharesAhead {
  readonly #crypto: CryptoProvider;
  readonly #most: number;
  readonly #ready = new Map<KeyExchangeAlgorithm, KeyShare[]>();
  #timer: unknown;
  #isAsked = false;

  constructor(crypto: CryptoProvider, most: number) {
    this.#crypto = crypto;
    this.#most = most;
  }

  take(algorithm: KeyExchangeAlgorithm): KeyShare {
    const ready = this.#ready.get(algorithm)?.shift();
    const share = ready ?? this.#crypto.generateKeyShare(algorithm);
    if (!this.#ready.has(algorithm)) this.#ready.set(algorithm, []);
    this.#isAsked = true;
    this.#wait();
    return share;
  }

  #wait(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#makeOne();
    }, idleTime);
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #makeOne(): void {
    const wasAsked = this.#isAsked;
    this.#isAsked = false;
    for (const [algorithm, ready] of this.#ready) {
      if (ready.length >= this.#most) continue;
      if (!wasAsked) {
        const share = this.#made(algorithm);
        if (share === undefined) return;
        ready.push(share);
      }
      this.#wait();
      return;
    }
  }

  /** @returns `undefined`: it cannot be made, which whoever asks for one next finds out */
  #made(algorithm: KeyExchangeAlgorithm): KeyShare | undefined {
    try {
      return this.#crypto.generateKeyShare(algorithm);
    } catch {
      return undefined;
    }
  }
}

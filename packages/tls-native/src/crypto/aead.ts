import { aeadTagLength, type Aead, type AeadAlgorithm, type AeadSpan } from '@org/tls-crypto';
import { CipherNumber, type AeadHandle } from '../border/crypto-addon.ts';
import { addon } from './library.ts';
import { ready, takeInto } from './scratch.ts';

/** An AEAD whose key and context OpenSSL keeps; they are wiped when the object is collected. */
export class NativeAead implements Required<Aead> {
  readonly #aead: AeadHandle;

  constructor(algorithm: AeadAlgorithm, key: Uint8Array) {
    this.#aead = addon.createAead(CipherNumber[algorithm], ready(key));
  }

  seal(nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void {
    const readyNonce = ready(nonce);
    const readyData = ready(additionalData, readyNonce);
    const input = ready(plaintext, readyNonce, readyData);
    if (typeof input !== 'number') {
      addon.seal(this.#aead, readyNonce, readyData, input, out);
      return;
    }
    addon.seal(this.#aead, readyNonce, readyData, input, undefined);
    takeInto(out, input + aeadTagLength);
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array, out: Uint8Array): boolean {
    const readyNonce = ready(nonce);
    const readyData = ready(additionalData, readyNonce);
    const input = ready(ciphertext, readyNonce, readyData);
    if (typeof input !== 'number') return addon.open(this.#aead, readyNonce, readyData, input, out);
    if (!addon.open(this.#aead, readyNonce, readyData, input, undefined)) return false;
    takeInto(out, input - aeadTagLength);
    return true;
  }

  sealRecords({ count, nonces, places, output, input, additionalData }: AeadSpan): void {
    addon.sealRecords(
      this.#aead,
      count,
      nonces,
      places,
      output,
      input === output ? undefined : input,
      additionalData === input ? undefined : additionalData,
    );
  }

  openRecords({ count, nonces, places, output, input, additionalData, lastBytes }: AeadSpan): number {
    return addon.openRecords(
      this.#aead,
      count,
      nonces,
      places,
      output,
      input,
      additionalData === input ? undefined : additionalData,
      lastBytes,
    );
  }
}

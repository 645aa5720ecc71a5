import { maxHeldInput, TlsError } from '@org/tls-core';
import { copyBytes } from '../crypto/bytes.ts';

/** What arrives while a hook's Promise is pending, in order. */
export class HeldInput {
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** The transport ended behind it. */
  isEnded = false;

  /**
   * @param chunk copied
   * @throws TlsError `ERR_TLS_LIMIT` when it becomes more than `maxHeldInput`
   */
  push(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length > maxHeldInput) {
      throw new TlsError('ERR_TLS_LIMIT', `the peer sent more than ${maxHeldInput} bytes while a hook was pending`);
    }
    this.#chunks.push(copyBytes(chunk));
  }

  /** Puts back what could not be used yet. */
  unshift(chunk: Uint8Array): void {
    this.#length += chunk.length;
    this.#chunks.unshift(chunk);
  }

  shift(): Uint8Array | undefined {
    const chunk = this.#chunks.shift();
    this.#length -= chunk?.length ?? 0;
    return chunk;
  }

  clear(): void {
    this.#chunks = [];
    this.#length = 0;
  }
}

import { TlsError } from '@org/tls-core';
import { copyBytes } from '../crypto/bytes.ts';

/** Bytes that are held for a handshake that waits for a hook; more is a peer that does not care. */
const maxHeldLength = 2 ** 20;

/** What arrives while a hook's Promise is pending, in order. */
export class HeldInput {
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** The transport ended behind it. */
  isEnded = false;

  /**
   * @param chunk copied
   * @throws TlsError `ERR_TLS_LIMIT` when it becomes more than 1 MiB
   */
  push(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length > maxHeldLength) {
      throw new TlsError('ERR_TLS_LIMIT', `the peer sent more than ${maxHeldLength} bytes while a hook was pending`);
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

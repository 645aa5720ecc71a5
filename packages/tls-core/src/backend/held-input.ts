import { maxHeldInput } from '../engine.ts';
import { TlsError } from '../tls-error.ts';

const smallestBuffer = 1024;

/**
 * What came from the peer and cannot be used yet: one buffer, so that it costs no more than twice its bytes however small the pieces
 * are that it came in.
 */
export class HeldInput {
  #buffer = new Uint8Array(0);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /**
   * @param chunk copied
   * @throws TlsError `ERR_TLS_LIMIT` when it becomes more than `maxHeldInput`
   */
  push(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > maxHeldInput) {
      throw new TlsError('ERR_TLS_LIMIT', `expected at most ${maxHeldInput} bytes to hold, got ${length}`);
    }
    this.#append(chunk);
  }

  /**
   * Holds a copy of what is being used meanwhile, whatever its length: the caller has it anyway.
   * @throws TlsError `ERR_TLS_LIMIT` when it holds more than `maxHeldInput` already
   */
  append(chunk: Uint8Array): void {
    this.push(new Uint8Array(0));
    this.#append(chunk);
  }

  /** Puts back what could not be used yet, whatever its length, in front of what has come since. */
  putBack(rest: Uint8Array): void {
    const since = this.take();
    this.#append(rest);
    if (since !== undefined) this.#append(since);
  }

  /** All that is held; the bytes are the caller's. */
  take(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const all = this.#buffer.subarray(0, this.#length);
    this.clear();
    return all;
  }

  clear(): void {
    this.#buffer = new Uint8Array(0);
    this.#length = 0;
  }

  #append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length, smallestBuffer));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
  }
}

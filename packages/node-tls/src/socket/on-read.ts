import type { OnReadOpts } from 'node:net';

/** Gives what comes into a program's own buffer, by the option `onread` of net.Socket, in place of the event `data`. */
export class OnReadBuffer {
  readonly #onread: OnReadOpts;
  readonly #waiting: Uint8Array[] = [];
  #isPaused = false;
  /** The buffer of the next call, which Node asks for beforehand. */
  #buffer: Uint8Array;

  constructor(onread: OnReadOpts) {
    this.#onread = onread;
    this.#buffer = this.#nextBuffer();
  }

  /** @returns false where the program wants no more until `resume` */
  push(batch: Uint8Array): boolean {
    this.#waiting.push(batch);
    return this.#give();
  }

  /** @returns false where the program wants no more after all */
  resume(): boolean {
    this.#isPaused = false;
    return this.#give();
  }

  #give(): boolean {
    while (!this.#isPaused) {
      const batch = this.#waiting.shift();
      if (batch === undefined) return true;
      const buffer = this.#buffer;
      const part = batch.subarray(0, buffer.length);
      buffer.set(part);
      if (part.length < batch.length) this.#waiting.unshift(batch.subarray(part.length));
      const answer: unknown = this.#onread.callback(part.length, buffer);
      this.#isPaused = answer === false;
      this.#buffer = this.#nextBuffer();
    }
    return false;
  }

  #nextBuffer(): Uint8Array {
    const { buffer } = this.#onread;
    return typeof buffer === 'function' ? buffer() : buffer;
  }
}

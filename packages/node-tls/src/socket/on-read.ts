import type { OnReadOpts } from 'node:net';

/** Gives what comes into a program's own buffer, by the option `onread` of net.Socket, in place of the event `data`. */
export class OnReadBuffer {
  readonly #onread: OnReadOpts;
  #waiting: Uint8Array[] = [];
  #isPaused = false;

  constructor(onread: OnReadOpts) {
    this.#onread = onread;
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
      const { buffer: given, callback } = this.#onread;
      const buffer = typeof given === 'function' ? given() : given;
      const part = batch.subarray(0, buffer.length);
      buffer.set(part);
      if (part.length < batch.length) this.#waiting.unshift(batch.subarray(part.length));
      this.#isPaused = callback(part.length, buffer) === false;
    }
    return false;
  }
}

import type { OnReadOpts } from 'node:net';
import type { Readable } from 'node:stream';

/** Gives what comes into a program's own buffer, by the option `onread` of net.Socket, in place of the event `data`. */
export class OnReadBuffer {
  readonly #stream: Readable;
  readonly #onread: OnReadOpts;

  constructor(stream: Readable, onread: OnReadOpts) {
    this.#stream = stream;
    this.#onread = onread;
  }

  /** @returns false where the program wants no more for now */
  push(batch: Uint8Array): boolean {
    let wantsMore = true;
    for (let at = 0; at < batch.length;) {
      const buffer = this.#buffer();
      const part = batch.subarray(at, at + buffer.length);
      buffer.set(part);
      at += part.length;
      wantsMore = this.#onread.callback(part.length, buffer) !== false;
    }
    if (!wantsMore) this.#stream.pause();
    return wantsMore;
  }

  #buffer(): Uint8Array {
    const { buffer } = this.#onread;
    return typeof buffer === 'function' ? buffer() : buffer;
  }
}

import type { Readable } from 'node:stream';

/** Gives what comes in a buffer of the program's own, as the `onread` of node:net. */
export interface OnRead {
  /** A buffer that is used again and again, or a function that gives one for each call of `callback`. */
  readonly buffer: Uint8Array | (() => Uint8Array);
  /**
   * Is called with the number of bytes that were put at the beginning of the buffer.
   * @returns false to pause the socket, until its `resume()`
   */
  readonly callback: (length: number, buffer: Uint8Array) => unknown;
}

/** @throws TypeError unless it has both parts and room for a byte, or is `undefined` */
export function checkOnRead(onread: OnRead | undefined): void {
  if (onread === undefined) return;
  const { buffer, callback }: Partial<OnRead> = onread;
  if (typeof callback !== 'function') throw new TypeError('onread: expected a function `callback`');
  if (typeof buffer !== 'function') checkBuffer(buffer);
}

/** Copies what comes into a buffer of the program's own. */
export function readInto(stream: Readable, { buffer, callback }: OnRead): void {
  stream.on('data', (chunk: Buffer) => {
    let at = 0;
    while (at < chunk.length) {
      const room = typeof buffer === 'function' ? buffer() : buffer;
      checkBuffer(room);
      const length = chunk.copy(room, 0, at);
      at += length;
      if (callback(length, room) !== false) continue;
      stream.pause();
      if (at < chunk.length) stream.unshift(chunk.subarray(at));
      return;
    }
  });
}

function checkBuffer(buffer: unknown): void {
  if (!(buffer instanceof Uint8Array) || buffer.length === 0)
    throw new TypeError('onread: expected a `buffer` of one byte or more, or a function that gives one');
}

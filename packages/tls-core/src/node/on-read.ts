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

/** How much a socket reads at once. */
export const maxReadLength = 2 ** 16;

/** A record may have begun in the read before, and its content comes with this one (RFC 8446 §5.2, RFC 5246 §6.2.3). */
const maxPartialLength = 5 + 2 ** 14 + 2 ** 11;

/** As much as one read can bring. */
const betweenLength = maxReadLength + maxPartialLength;

/** What is decrypted for a buffer that may be too short for it is decrypted here. Nobody has it now. */
let between: Uint8Array | undefined;

/**
 * Tells how much a socket should read at once, so that what a read brings can be decrypted into the program's own buffer: to read a little more
 * often costs less than to copy.
 * @param onread has been checked, or not yet
 */
export function readLengthFor(onread: OnRead | undefined): number {
  const { buffer }: Partial<OnRead> = onread ?? {};
  const room = buffer instanceof Uint8Array ? buffer.length - maxPartialLength : 0;
  return room < 2 ** 15 ? maxReadLength : Math.min(room, maxReadLength);
}

/** Puts what comes into a buffer of the program's own. */
export class ProgramBuffer {
  readonly #buffer: OnRead['buffer'];
  readonly #callback: OnRead['callback'];
  #between: Uint8Array | undefined;

  /** @param onread has been checked */
  constructor({ buffer, callback }: OnRead) {
    this.#buffer = buffer;
    this.#callback = callback;
  }

  /**
   * Lends memory for what `give` gets next: the program's own buffer where it has one that is long enough. A function of the program's is not
   * asked for one here, since it may do anything.
   */
  lend(length: number): Uint8Array | undefined {
    const buffer = this.#buffer;
    if (typeof buffer !== 'function' && buffer.length >= length) return buffer;
    if (length > betweenLength) return undefined;
    this.#between ??= between ?? new Uint8Array(betweenLength);
    between = undefined;
    return this.#between;
  }

  /** Says that nothing is written into what was lent any more, and nothing that lies there is wanted. */
  endLoan(): void {
    if (this.#between !== undefined) between = this.#between;
    this.#between = undefined;
  }

  /**
   * Calls the program with these bytes as long as it wants them.
   * @returns what is left where it wants no more, which may be nothing; `undefined` where it goes on
   */
  give(bytes: Uint8Array): Uint8Array | undefined {
    let rest = bytes;
    do {
      const room = typeof this.#buffer === 'function' ? this.#buffer() : this.#buffer;
      checkBuffer(room);
      const length = Math.min(room.length, rest.length);
      if (!isSamePlace(room, rest)) room.set(length < rest.length ? rest.subarray(0, length) : rest);
      rest = rest.subarray(length);
      if (this.#callback(length, room) === false) return rest;
    } while (rest.length > 0);
    return undefined;
  }
}

/** True for bytes that were decrypted into the buffer itself. */
function isSamePlace(buffer: Uint8Array, bytes: Uint8Array): boolean {
  return buffer.buffer === bytes.buffer && buffer.byteOffset === bytes.byteOffset;
}

function checkBuffer(buffer: unknown): void {
  if (!(buffer instanceof Uint8Array) || buffer.length === 0)
    throw new TypeError('onread: expected a `buffer` of one byte or more, or a function that gives one');
}

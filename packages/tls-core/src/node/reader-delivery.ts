import type { Duplex } from 'node:stream';
import { ProgramBuffer, type OnRead } from './on-read.ts';

/**
 * Gives the reader of a stream what came: past the stream's own buffer where he takes it at once, which costs no tick and no look at the buffer,
 * and through it otherwise.
 */
export class ReaderDelivery {
  readonly #stream: Duplex;
  readonly #program: ProgramBuffer | undefined;

  /** @param onread has been checked; with it, the stream flows from now on, and its listeners of `data` are not called */
  constructor(stream: Duplex, onread: OnRead | undefined) {
    this.#stream = stream;
    if (onread === undefined) return;
    this.#program = new ProgramBuffer(onread);
    stream.on('data', this.#giveProgram);
    const emit = stream.emit.bind(stream);
    // A net.Socket that has `onread` emits no `data` either.
    stream.emit = (event: string | symbol, ...values: unknown[]): boolean => {
      if (event !== 'data') return emit(event, ...values);
      this.#giveProgram(values[0] as Uint8Array);
      return true;
    };
  }

  /**
   * Lends memory for what `deliver` gets next, by the rules of `EngineSink.plaintextBuffer`. It is not filled with zeros, since the engine fills it
   * with what the reader gets. Less than 4 KiB comes out of Node's pool, as in all small Buffers: memory of its own costs a tenth of a round trip.
   * @param isDeliveredAtOnce false: what is delivered may wait, so that it may not lie in memory that is used again
   */
  lend(length: number, isDeliveredAtOnce: boolean): Uint8Array | undefined {
    if (this.#program === undefined) return Buffer.allocUnsafe(length);
    return isDeliveredAtOnce && this.#isTakenByProgram ? this.#program.lend(length) : undefined;
  }

  /** Says that the call is over in which memory was lent. */
  endLoan(): void {
    this.#program?.endLoan();
  }

  /** @returns false where so much waits for the reader that no more should come */
  deliver(batch: Uint8Array): boolean {
    if (this.#program === undefined) {
      if (!this.#isTakenAtOnce) return this.#stream.push(batch);
      this.#stream.emit('data', bufferOf(batch));
      return true;
    }
    // the batch may lie in memory that was lent
    if (!this.#isTakenByProgram) return this.#stream.push(Buffer.from(batch));
    this.#giveProgram(batch);
    return true;
  }

  /** The first chunk goes through the stream, which remembers that it was read (`readableDidRead`). */
  get #isTakenAtOnce(): boolean {
    const stream = this.#stream;
    if (stream.readableFlowing !== true || stream.readableLength > 0 || stream.readableEncoding !== null) return false;
    return stream.readableDidRead && stream.listenerCount('data') > 0;
  }

  get #isTakenByProgram(): boolean {
    return this.#stream.readableFlowing === true && this.#stream.readableLength === 0;
  }

  readonly #giveProgram = (bytes: Uint8Array): void => {
    const rest = this.#program?.give(bytes);
    if (rest === undefined) return;
    this.#stream.pause();
    if (rest.length > 0) this.#stream.unshift(Buffer.from(rest));
  };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

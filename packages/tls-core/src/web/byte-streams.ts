import type { MaybePromise } from '../maybe-promise.ts';
import { TlsError } from '../tls-error.ts';
import { Deferred } from './deferred.ts';

/** The connection below: a pair of byte streams, as a socket of Workers or Deno, a WebTransport stream, or Node's `Duplex.toWeb`. */
export interface ByteStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  /** The addresses of the connection, where it knows them. */
  readonly opened?: PromiseLike<SocketAddresses> | undefined;
}

/** The two ends of a connection. */
export interface SocketAddresses {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
}

/** @throws TypeError on what is no pair of streams, or has one that somebody reads or writes already */
export function checkByteStreams({ readable, writable }: ByteStreams): void {
  if (typeof (readable as ReadableStream | undefined)?.getReader !== 'function')
    throw new TypeError('transport: expected `readable` to be a ReadableStream');
  if (typeof (writable as WritableStream | undefined)?.getWriter !== 'function')
    throw new TypeError('transport: expected `writable` to be a WritableStream');
  if (readable.locked || writable.locked)
    throw new TypeError('transport: a stream of it is locked; release its reader and writer before TLS begins');
}

/** How long a peer may take to read what was sent last, in milliseconds. */
const lingerTime = 1000;

/** The connection below, once it is taken over. */
export class OpenTransport {
  readonly addresses: SocketAddresses;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #written: Promise<unknown> = Promise.resolve();

  constructor({ readable, writable }: ByteStreams, addresses: SocketAddresses) {
    this.addresses = addresses;
    this.#reader = readable.getReader();
    this.#writer = writable.getWriter();
    // what these reject with is told by reads and writes
    this.#reader.closed.catch(() => undefined);
    this.#writer.closed.catch(() => undefined);
  }

  /**
   * Takes over a pair of streams that is there or will be.
   * @throws TypeError what `checkByteStreams` throws, and what the pair rejects with
   */
  static async open(pending: MaybePromise<ByteStreams>): Promise<OpenTransport> {
    const streams = await pending;
    const { remoteAddress, localAddress } = (await streams.opened) ?? {};
    checkByteStreams(streams);
    return new OpenTransport(streams, { remoteAddress, localAddress });
  }

  /** Gives the peer's next bytes; `undefined` once it has ended. */
  async read(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#reader.read();
    return done ? undefined : value;
  }

  /** Writes behind all that was written; `onFailure` is told when that fails. */
  write(batch: Uint8Array, onFailure: (reason: unknown) => void): void {
    this.#written = this.#writer.write(batch).catch(onFailure);
  }

  /** Resolves when all that was written has been handed over, or has failed. */
  get written(): Promise<unknown> {
    return this.#written;
  }

  /** Waits until the connection wants more. */
  get drained(): Promise<unknown> {
    return this.#writer.ready;
  }

  /**
   * Ends both sides: ours behind all that was written, and the peer's when it has ended it, whose bytes are dropped until then. A
   * connection that is closed before its peer has ended may take what was written last with it. A peer that does neither holds nobody.
   * @returns a Promise that resolves when our side has ended or is given up
   */
  async close(): Promise<void> {
    const ended = this.#writer.close().catch(() => undefined); // it may be closed already
    const tooLate = new Deferred<void>();
    const timer = setTimeout(tooLate.resolve, lingerTime);
    void Promise.race([Promise.all([ended, this.#drop()]), tooLate.promise]).then(() => {
      clearTimeout(timer);
      this.cut(new TlsError('ERR_TLS_TRANSPORT', 'the connection is closed'));
    });
    await Promise.race([ended, tooLate.promise]);
  }

  /** Ends both sides now. */
  cut(reason: unknown): void {
    this.#reader.cancel(reason).catch(() => undefined);
    this.#writer.abort(reason).catch(() => undefined);
  }

  async #drop(): Promise<void> {
    try {
      while ((await this.read()) !== undefined);
    } catch {
      // it has failed, which ends it too
    }
  }
}

/** The error that a failure of the connection below becomes. */
export function transportFailed(cause: unknown): TlsError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new TlsError('ERR_TLS_TRANSPORT', `the connection below failed: ${message}`, { cause });
}

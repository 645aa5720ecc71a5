import type { ConnectionInfo } from '../connection-info.ts';
import type { EngineSink, TlsEngine } from '../engine.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { frozenCopy } from '../own-options.ts';
import type { TlsSession } from '../session.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import { OpenTransport, transportFailed, type ByteStreams, type SocketAddresses } from './byte-streams.ts';
import { Deferred, Gate } from './deferred.ts';

/** What bounds a connection, and who is told of what it brings. */
export interface SecuredOptions {
  /** Keeps the writable side open when the peer has ended its own. Default: false. */
  readonly allowHalfOpen?: boolean | undefined;
  /** Milliseconds until a handshake is given up with `ERR_TLS_TIMEOUT`. 0 means never. Default: 10,000. */
  readonly handshakeTimeout?: number | undefined;
  /** Gives up the handshake with `ERR_TLS_ABORTED`. It has no effect once the handshake is done. */
  readonly signal?: AbortSignal | undefined;
  /** Is given each session that a later connection can resume. */
  readonly onSession?: ((session: TlsSession) => void) | undefined;
  /** Is told what the connection went on without (`EngineSink.warning`). */
  readonly onWarning?: ((warning: TlsError) => void) | undefined;
}

/** How the connection is secured, and its two ends where the connection below knows them. */
export interface OpenedConnection extends SocketAddresses {
  readonly info: ConnectionInfo;
}

const defaultHandshakeTimeout = 10_000;

/** So many bytes may wait for a reader, or for the connection below, before the other end has to wait. */
const highWaterMark = 2 ** 16;

/**
 * Drives an engine between two pairs of WHATWG streams, with back-pressure both ways: what nobody reads is not taken from the connection
 * below, and a write is done when the connection below wants more.
 */
export class SecuredStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #opened = new Deferred<OpenedConnection>();
  readonly #closed = new Deferred<void>();
  readonly #engine: TlsEngine;
  readonly #options: SecuredOptions;
  readonly #gate = new Gate();
  readonly #onAbort = (): void =>
    this.#giveUp(new TlsError('ERR_TLS_ABORTED', 'the handshake was aborted', { cause: this.#options.signal?.reason }));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #transport: OpenTransport | undefined;
  #output: ReadableByteStreamController | undefined;
  #input: WritableStreamDefaultController | undefined;
  #info: ConnectionInfo | undefined;
  #writing: Promise<unknown> = Promise.resolve();
  /** Nobody reads any more: what comes is dropped. */
  #isCancelled = false;
  /** The peer has ended its side. */
  #isPeerClosed = false;
  /** We have ended ours. */
  #isEnded = false;
  #ending: Promise<void> | undefined;
  /** The program closes the socket, so that its end is no failure. */
  #isClosing = false;
  #isOver = false;
  /** The end or the failure, which waits until what was received before it has been read. */
  #tail: 'end' | TlsError | undefined;

  /** @throws what `makeEngine` throws; the transport is left as it is then */
  constructor(
    transport: MaybePromise<ByteStreams>,
    makeEngine: (sink: EngineSink) => TlsEngine,
    options: SecuredOptions,
  ) {
    this.#options = options;
    this.#engine = makeEngine(this.#makeSink());
    this.readable = new ReadableStream(
      {
        type: 'bytes',
        start: (controller) => void (this.#output = controller),
        pull: () => this.#pulled(),
        cancel: () => this.#cancelled(),
      },
      { highWaterMark },
    );
    this.writable = new WritableStream<Uint8Array>(
      {
        start: (controller) => void (this.#input = controller),
        write: (chunk) => (this.#writing = this.#write(bytesOf(chunk))),
        close: () => this.#end(),
        abort: (reason) => this.#cut(reason),
      },
      { highWaterMark, size: (chunk) => (chunk as Uint8Array | undefined)?.byteLength ?? 0 },
    );
    this.#watch();
    void this.#run(transport);
  }

  /** Resolves when the handshake is done, and rejects with what it failed with. */
  get opened(): Promise<OpenedConnection> {
    return this.#opened.promise;
  }

  /** Resolves when both sides have ended in order or the program has closed the socket, and rejects with what the connection failed with. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Says goodbye behind what is being written, and closes the connection. What comes is not read any more. */
  async close(): Promise<void> {
    if (this.#isOver || this.#isClosing) return this.closed;
    this.#isClosing = true;
    if (this.#info === undefined) {
      this.#giveUp(new TlsError('ERR_TLS_ABORTED', 'the socket was closed before the handshake was done'));
      return this.closed;
    }
    await this.#writing.catch(() => undefined);
    if (this.#isOver) return this.closed;
    this.#callEngine(() => this.#engine.close());
    this.#closeReadable();
    this.#input?.error(new TlsError('ERR_TLS_ABORTED', 'the socket was closed'));
    this.#isEnded = true;
    await this.#transport?.close();
    this.#finish();
    return this.closed;
  }

  #makeSink(): EngineSink {
    return frozenCopy<EngineSink>({
      ciphertext: (batch) => this.#transport?.write(batch, (reason) => this.#fail(transportFailed(reason))),
      plaintext: (batch) => this.#deliver(batch),
      handshake: (info) => this.#secured(info),
      session: (session) => tell(this.#options.onSession, session),
      keyLog: () => undefined,
      closed: () => this.#peerClosed(),
      inputResumed: this.#gate.look,
      warning: (warning) => tell(this.#options.onWarning, warning),
      failed: (error) => this.#fail(error),
    });
  }

  #watch(): void {
    const { handshakeTimeout = defaultHandshakeTimeout, signal } = this.#options;
    if (handshakeTimeout > 0) {
      const message = `the handshake was not done within ${handshakeTimeout} ms`;
      this.#timer = setTimeout(() => this.#giveUp(new TlsError('ERR_TLS_TIMEOUT', message)), handshakeTimeout);
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted === true) queueMicrotask(this.#onAbort);
  }

  #unwatch(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }

  async #run(pending: MaybePromise<ByteStreams>): Promise<void> {
    try {
      const transport = await OpenTransport.open(pending);
      if (this.#isOver) {
        transport.cut(undefined);
        return;
      }
      this.#transport = transport;
      this.#callEngine(() => this.#engine.start());
      await this.#pump(transport);
    } catch (reason) {
      this.#fail(transportFailed(reason));
    }
  }

  async #pump(transport: OpenTransport): Promise<void> {
    while (!this.#isOver && !this.#isPeerClosed) {
      await this.#gate.until(() => this.#wantsInput());
      const bytes = await transport.read();
      if (this.#isOver || this.#isPeerClosed) return;
      if (bytes === undefined) {
        this.#callEngine(() => this.#engine.receiveEnd());
        return;
      }
      this.#callEngine(() => this.#engine.receive(bytes));
    }
  }

  #wantsInput(): boolean {
    if (this.#isOver) return true;
    if (this.#engine.isInputHeld) return false;
    return this.#info === undefined || this.#isCancelled || (this.#output?.desiredSize ?? 0) > 0;
  }

  #deliver(batch: Uint8Array): void {
    if (this.#isCancelled || this.#isOver) return;
    // a byte stream takes the whole buffer away, so that it must be nobody else's
    const isWhole = batch.byteLength === batch.buffer.byteLength;
    this.#output?.enqueue(isWhole ? batch : batch.slice());
  }

  #secured(info: ConnectionInfo): void {
    this.#info = info;
    this.#unwatch();
    this.#opened.resolve({ ...this.#transport?.addresses, info });
  }

  #pulled(): void {
    this.#giveTail();
    this.#gate.look();
  }

  #giveTail(): void {
    const tail = this.#tail;
    if (tail === undefined || this.#isCancelled || this.#output?.desiredSize !== highWaterMark) return;
    if (tail !== 'end') {
      this.#isCancelled = true;
      this.#output.error(tail);
      return;
    }
    this.#closeReadable();
    if (!this.#isOver && !this.#isEnded && this.#options.allowHalfOpen !== true) this.#endToo();
  }

  #cancelled(): void {
    this.#isCancelled = true;
    this.#gate.look();
    if (this.#isEnded) this.#finish();
    else if (this.#isPeerClosed && this.#options.allowHalfOpen !== true) this.#endToo();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.opened;
    if (this.#isEnded) throw new TlsError('ERR_TLS_TRANSPORT', 'the socket has ended its side');
    this.#engine.send(bytes);
    await this.#transport?.drained;
  }

  /** Ends our side. */
  #end(): Promise<void> {
    return (this.#ending ??= this.#sayGoodbye());
  }

  /**
   * Says goodbye. The connection below stays open on both sides until the peer has ended too: not every runtime can end one side of its
   * streams, and close_notify says the same to the peer (RFC 8446 §6.1).
   */
  async #sayGoodbye(): Promise<void> {
    await this.opened;
    this.#isEnded = true;
    this.#engine.close();
    await this.#transport?.written;
    if (this.#isPeerClosed || this.#isCancelled) this.#finish();
  }

  #peerClosed(): void {
    if (this.#isOver) return;
    this.#isPeerClosed = true;
    this.#tail = 'end';
    this.#giveTail();
    if (this.#isEnded) this.#finish();
  }

  /** Ends our side because the peer has ended its own, behind what is being written. */
  #endToo(): void {
    const ending = this.writable.locked ? this.#written().then(() => this.#end()) : this.writable.close();
    ending.catch((reason: unknown) => this.#fail(isTlsError(reason) ? reason : transportFailed(reason)));
  }

  /** Waits until no write follows another: the queue of a stream that somebody has locked cannot be asked. */
  async #written(): Promise<void> {
    let last: Promise<unknown> | undefined;
    while (last !== this.#writing) {
      last = this.#writing;
      await last.catch(() => undefined);
      await new Promise((resolve) => {
        setTimeout(resolve, 0);
      });
    }
  }

  #closeReadable(): void {
    if (this.#isCancelled || this.#output === undefined) return;
    this.#isCancelled = true;
    this.#output.close();
    this.#output.byobRequest?.respond(0);
  }

  /** Calls the engine, whose failures its sink is told. */
  #callEngine(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#fail(isTlsError(error) ? error : transportFailed(error));
    }
  }

  #giveUp(error: TlsError): void {
    if (this.#isOver || this.#info !== undefined) return;
    if (this.#transport === undefined) this.#fail(error);
    else this.#callEngine(() => this.#engine.fail(error));
  }

  /** The connection has failed. What came before can still be read, and the alert still goes out. */
  #fail(error: TlsError): void {
    if (this.#isOver) return;
    this.#opened.reject(error);
    this.#input?.error(error);
    this.#tail = error;
    this.#giveTail();
    this.#finish(error);
  }

  /** The program gives the connection up. */
  #cut(reason: unknown): void {
    const error = new TlsError('ERR_TLS_ABORTED', 'the writable side was aborted', { cause: reason });
    this.#transport?.cut(reason);
    if (!this.#isOver && !this.#isCancelled) this.#output?.error(error);
    this.#opened.reject(error);
    this.#finish(error);
  }

  #finish(failure?: TlsError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unwatch();
    this.#engine.destroy();
    void this.#transport?.close();
    this.#gate.look();
    if (failure === undefined || this.#isClosing) this.#closed.resolve();
    else this.#closed.reject(failure);
  }
}

/** Tells a program something in a turn of its own, so that what it throws is its own uncaught exception. */
function tell<Fact>(listener: ((fact: Fact) => void) | undefined, fact: Fact): void {
  if (listener !== undefined) queueMicrotask(() => listener(fact));
}

/** @throws TypeError on what is no bytes */
function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new TypeError(`expected bytes to write, got ${typeof chunk}`);
}

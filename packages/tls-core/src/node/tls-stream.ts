import { Duplex } from 'node:stream';
import type { EngineSink, TlsEngine } from '../engine.ts';
import type { ConnectionInfo } from '../connection-info.ts';
import { frozenCopy } from '../own-options.ts';
import type { TlsSession } from '../session.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import { HandshakeWatch } from './handshake-watch.ts';
import { Http2HeaderBlocks } from './http2-header-blocks.ts';
import { IdleTimer } from './idle-timer.ts';
import { InboundFlow } from './inbound-flow.ts';
import { ReaderDelivery } from './reader-delivery.ts';
import { ReaderTurns } from './reader-turns.ts';
import { readStreamOptions, type TlsStreamOptions } from './stream-options.ts';
import { checkTransport, transportClosed, type ClosingManner, type Transport } from './transport.ts';

/** Is called when bytes are written, or with the error that prevented that. */
type WriteDone = (error?: Error | null) => void;

/** Makes the engine of one connection, which reports to the sink. */
export type MakeEngine = (sink: EngineSink) => TlsEngine;

/**
 * Writes up to this size together are joined, so that there is one record and one buffer instead of many. Larger ones are protected in parts, for
 * which one buffer serves again and again.
 */
const partLength = 2 ** 16;

/**
 * So many bytes may be written inside of one of the engine's events, whose records reach the transport when the event is over. A program that
 * writes in a listener of `data` for as long as it may would fill the memory otherwise.
 */
const mostUntold = 2 ** 17;

/**
 * A TLS connection as a Duplex, over any transport. It moves bytes between an engine and the transport and has no surface of a socket.
 *
 * Events besides a Duplex's: `secure` when the handshake is done, `session` (TlsSession), `keylog` (Buffer), and `tlsWarning` (TlsError)
 * when something did not work that the connection can do without (`EngineSink.warning`).
 *
 * `end()` says goodbye to the peer (close_notify, RFC 8446 §6.1) behind all that was written, and `destroy()` does if nothing written is
 * left. `destroy(error)` and `resetAndDestroy()` do not: the peer sees a connection that was cut.
 */
export class TlsStream extends Duplex {
  /** Fires `timeout`. Bytes that move refresh it, and a subclass sets it. */
  protected readonly idleTimer = new IdleTimer(() => this.emit('timeout'));

  readonly #transport: Transport;
  readonly #engine: TlsEngine;
  readonly #watch = new HandshakeWatch((reason) => this.#giveUp(reason));
  readonly #inbound: InboundFlow;
  readonly #delivery: ReaderDelivery;
  readonly #turns = new ReaderTurns(() => this.readableLength === 0);
  #headerBlocks: Http2HeaderBlocks | undefined;
  #info: ConnectionInfo | undefined;
  /** Holds the sessions that come with the handshake (TLS 1.2) until `secure` has been emitted and whoever awaits it has run. */
  #heldSessions: TlsSession[] | undefined = [];

  /** A failure that waits until what was received before it has been read. The transport is closed meanwhile. */
  #heldFailure: TlsError | undefined;
  /** The peer ended its side in order. */
  #isPeerClosed = false;
  #isTransportFull = false;
  /** The number of batches that the engine has given out. */
  #batches = 0;
  /** Bytes that the engine was given inside of one of its events, and has given out nothing of. */
  #untold = 0;
  #isTransportLeft = false;
  #isReset = false;
  /** True when the constructor has returned, so that somebody can listen. */
  readonly #isMade: true | undefined;
  /** Calls back the writable side once the handshake is done or the transport has drained. */
  #resumeWriting: ((error?: Error | null) => void) | undefined;

  /**
   * Begins the handshake at once. Nothing is left of the stream where this throws, and the caller has to close the transport.
   * @throws TypeError on what is no transport, an unknown option or one of the wrong type
   * @throws TlsError `ERR_TLS_CONFIG` on a time that cannot be, and what `makeEngine` throws
   */
  constructor(transport: Transport, makeEngine: MakeEngine, given: TlsStreamOptions = {}) {
    checkTransport(transport);
    const options = readStreamOptions(given);
    const { allowHalfOpen = false, highWaterMark } = options;
    super({ allowHalfOpen, ...(highWaterMark !== undefined && { highWaterMark }) });
    this.#transport = transport;
    this.#inbound = new InboundFlow(transport);
    this.#delivery = new ReaderDelivery(this, options.onread);
    this.#engine = makeEngine(this.#makeSink());
    transport.open({
      bytes: this.#onBytes,
      ended: this.#onEnd,
      closed: this.#onClose,
      drained: this.#onDrain,
      failed: this.#onTransportFailed,
    });
    this.#watch.begin(options);
    this.#begin(options);
    this.#isMade = true;
  }

  /** Tells how the connection is secured; `undefined` until the handshake is done. */
  get info(): ConnectionInfo | undefined {
    return this.#info;
  }

  /** How the bytes move below: `socket` past the two streams of a net.Socket, `duplex` through any Duplex. */
  get transportKind(): string {
    return this.#transport.kind;
  }

  /** @throws TlsError `ERR_TLS_API_MISUSE` before the handshake is done */
  exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Buffer {
    const material = this.#engine.exportKeyingMaterial(label, context, length);
    return Buffer.from(material.buffer, material.byteOffset, material.length);
  }

  /**
   * @throws TlsError `ERR_TLS_API_MISUSE` before the handshake is done, or where the protocol has no KeyUpdate; `ERR_TLS_UNSUPPORTED` where a
   *   platform does not do it when it is asked
   */
  requestKeyUpdate(): void {
    this.#engine.requestKeyUpdate();
  }

  /** Lets the connection keep the process alive, which is the default, where the transport can. */
  ref(): this {
    this.#transport.ref();
    return this;
  }

  /** Lets the process end although the connection is open, where the transport can. */
  unref(): this {
    this.#transport.unref();
    return this;
  }

  /** Closes by a TCP reset where the transport can. No close_notify is sent. */
  resetAndDestroy(): this {
    this.#isReset = true;
    return this.destroy();
  }

  #makeSink(): EngineSink {
    return frozenCopy<EngineSink>({
      ciphertext: (batch) => {
        this.#batches += 1;
        if (!this.#transport.write(batch)) this.#isTransportFull = true;
        if (this.#untold > mostUntold) process.nextTick(() => this.#goOnWriting());
        this.#untold = 0;
      },
      ciphertextBuffer: (length) => this.#transport.lend?.(length),
      plaintext: (batch) => {
        if (this.#turns.isOver) this.#turns.give(() => this.#giveToReader(batch));
        else this.#giveToReader(batch);
      },
      plaintextBuffer: (length) => this.#lendToEngine(length),
      handshake: (info) => this.#secured(info),
      session: (session) => this.#gotSession(session),
      keyLog: (line) => this.#tell('keylog', Buffer.from(`${line}\n`)),
      closed: () => {
        this.#isPeerClosed = true;
        this.#turns.give(() => this.#endReader());
      },
      inputResumed: () => this.#inbound.resumeFor('engine'),
      warning: (warning) => this.#tell('tlsWarning', warning),
      failed: (error) => this.#turns.give(() => this.#fail(error)),
    });
  }

  #giveToReader(batch: Uint8Array): void {
    if (this.destroyed) return;
    const end = this.#turnEnd(batch);
    if (!this.deliver(end === undefined ? batch : batch.subarray(0, end))) this.#inbound.pauseFor('reader');
    if (end !== undefined) this.#turns.end(() => this.#giveToReader(batch.subarray(end)));
  }

  /**
   * Gives the reader what came. A subclass may look at it.
   * @returns false where so much waits for the reader that no more should come
   */
  protected deliver(batch: Uint8Array): boolean {
    return this.#delivery.deliver(batch);
  }

  #lendToEngine(length: number): Uint8Array | undefined {
    return this.destroyed ? undefined : this.#delivery.lend(length, !this.#hasTurns);
  }

  /**
   * Finds where the reader's turn ends in what came, which is behind the headers of an HTTP/2 server. node:http2 tells the headers of an
   * answer in a tick, and its body at once, so that behind a stream that is no handle of Node's the body overtakes the headers, and whoever
   * listens for it only then has lost it.
   * @returns a number of bytes; `undefined` where the turn goes on
   */
  #turnEnd(batch: Uint8Array): number | undefined {
    if (!this.#hasTurns) return undefined;
    this.#headerBlocks ??= new Http2HeaderBlocks();
    return this.#headerBlocks.nextEnd(batch);
  }

  get #hasTurns(): boolean {
    return this.#info?.role === 'client' && this.#info.alpnProtocol === 'h2';
  }

  #endReader(): void {
    if (this.destroyed) return;
    this.push(null);
    this.read(0); // a stream that nobody reads learns of its end by being asked
  }

  #begin({ earlyData, head }: TlsStreamOptions): void {
    try {
      this.#engine.start();
      if (earlyData !== undefined && !this.destroyed) this.#engine.send(earlyData);
      if (head !== undefined) this.#onBytes(head);
    } catch (error) {
      if (this.destroyed) return; // it is told as a failure of the connection
      this.#watch.end();
      this.#transport.release();
      this.#engine.destroy();
      throw error;
    }
    this.#inbound.start();
    this.#transport.tellEarlierEnd();
  }

  /** Emits an event, and one that happens in the constructor in the next tick, when somebody can listen. */
  #tell(event: 'keylog' | 'tlsWarning', fact: unknown): void {
    if (this.#isMade) this.emit(event, fact);
    else process.nextTick(() => this.emit(event, fact));
  }

  #secured(info: ConnectionInfo): void {
    this.#info = info;
    this.#watch.end();
    // the turn of the engine is over by then, so that listeners may call into it
    process.nextTick(() => {
      if (this.destroyed || !this.#isMade) return;
      this.announceSecure();
      this.#goOnWriting();
      setImmediate(() => {
        const held = this.#heldSessions ?? [];
        this.#heldSessions = undefined;
        for (const session of held) this.emit('session', session);
      });
    });
  }

  /** Emits the events that say that the handshake is done. */
  protected announceSecure(): void {
    this.emit('secure');
  }

  #gotSession(session: TlsSession): void {
    if (this.destroyed) return;
    if (this.#heldSessions === undefined) this.emit('session', session);
    else this.#heldSessions.push(session);
  }

  #giveUp(error: TlsError): void {
    if (!this.destroyed && this.#info === undefined && this.#heldFailure === undefined) this.#engine.fail(error);
  }

  override read(size?: number): unknown {
    const chunk: unknown = super.read(size);
    if (this.readableLength === 0 || (chunk === null && size !== 0)) this.#turns.wantsMore();
    if (this.#heldFailure !== undefined && this.readableLength === 0) {
      const failure = this.#heldFailure;
      this.#heldFailure = undefined;
      // the failure comes behind the data that is being given out now
      process.nextTick(() => this.destroy(failure));
    }
    return chunk;
  }

  override _read(): void {
    this.#inbound.resumeFor('reader');
  }

  readonly #onBytes = (chunk: Uint8Array): void => {
    if (this.destroyed || this.#heldFailure !== undefined) return;
    this.idleTimer.refresh();
    this.#engine.receive(chunk);
    this.#delivery.endLoan();
    if (this.#engine.isInputHeld) this.#inbound.pauseFor('engine');
  };

  readonly #onEnd = (): void => {
    if (this.destroyed || this.#heldFailure !== undefined || this.#isPeerClosed) return;
    this.#engine.receiveEnd();
  };

  override write(chunk: unknown, done?: WriteDone): boolean;
  override write(chunk: unknown, encoding?: BufferEncoding, done?: WriteDone): boolean;
  override write(chunk: unknown, encoding?: BufferEncoding | WriteDone, done?: WriteDone): boolean {
    const isBare = encoding === undefined && done === undefined;
    if (isBare && chunk instanceof Uint8Array && this.#canSendAtOnce(chunk.length)) return this.sendAtOnce(chunk);
    return super.write(chunk, encoding as BufferEncoding, done);
  }

  /** What a Writable would give to `_write` before `write` returns, without a `drain` and a callback, needs none of its bookkeeping. */
  #canSendAtOnce(length: number): boolean {
    if (this.#info === undefined || this.#isFull || this.#heldFailure !== undefined) return false;
    if (length === 0 || length >= this.writableHighWaterMark || this.writableLength > 0) return false;
    return this.writable && !this.writableNeedDrain && this.writableCorked === 0 && this.#transport.isWritable;
  }

  /**
   * Sends bytes past the stream's buffer, in which nothing waits. A subclass may look at them.
   * @returns what `write` does
   */
  protected sendAtOnce(bytes: Uint8Array): boolean {
    this.idleTimer.refresh();
    try {
      this.#sendParts(bytes);
    } catch (error) {
      if (!isTlsError(error)) throw error; // a listener threw it, and the connection has not failed
      this.destroy(error);
      return false;
    }
    return true;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const buffers = chunks.map(({ chunk }) => chunk);
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    this.#send(length <= partLength ? [Buffer.concat(buffers, length)] : buffers, done);
  }

  #send(buffers: readonly Buffer[], done: (error?: Error | null) => void): void {
    if (this.#heldFailure !== undefined || !this.#transport.isWritable) {
      done(this.#heldFailure ?? transportClosed());
      return;
    }
    this.idleTimer.refresh();
    try {
      for (const buffer of buffers) this.#sendParts(buffer);
    } catch (error) {
      if (!isTlsError(error)) throw error; // a listener threw it, and the connection has not failed
      done(error);
      return;
    }
    if (this.#info === undefined || this.#isFull) this.#resumeWriting = done;
    else done();
  }

  get #isFull(): boolean {
    return this.#isTransportFull || this.#untold > mostUntold;
  }

  #sendParts(bytes: Uint8Array): void {
    const before = this.#batches;
    for (let at = 0; at < bytes.length || at === 0; at += partLength) {
      this.#engine.send(bytes.length <= partLength ? bytes : bytes.subarray(at, at + partLength));
    }
    if (this.#batches === before) this.#untold += bytes.length;
  }

  readonly #onDrain = (): void => {
    this.#isTransportFull = false;
    if (this.#info !== undefined) this.#goOnWriting();
  };

  #goOnWriting(): void {
    if (this.#isFull) return;
    const resume = this.#resumeWriting;
    this.#resumeWriting = undefined;
    resume?.();
  }

  /** The writable side has finished when the transport's has. Before that, nobody would hold a peer that does not read. */
  override _final(done: (error?: Error | null) => void): void {
    const end = (error?: Error | null): void => {
      if (error === undefined || error === null) this.#transport.end(done);
      else done(error);
    };
    // before the handshake is done, the engine says it behind what waits, or fails
    const mustWait = this.#info === undefined;
    if (mustWait) this.#resumeWriting = end;
    try {
      const isSaid = this.#sayGoodbye();
      if (mustWait) return;
      if (isSaid) end();
      else setImmediate(end);
    } catch (error) {
      this.#resumeWriting = undefined;
      done(error as Error);
    }
  }

  /**
   * Sends close_notify.
   * @returns false inside of one of the engine's events, where the engine says it only when the event is over (see `TlsEngine`)
   */
  #sayGoodbye(): boolean {
    const before = this.#batches;
    this.#engine.close();
    return this.#batches !== before;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#watch.end();
    this.idleTimer.stop();
    const leave = (): void => {
      this.#engine.destroy();
      const resume = this.#resumeWriting;
      this.#resumeWriting = undefined;
      this.#leaveTransport(error);
      resume?.(error ?? new TlsError('ERR_TLS_ABORTED', 'the socket was destroyed before this was sent'));
      done(error);
    };
    let isSaid = true;
    try {
      if (error === null && this.#hasSentAll()) isSaid = this.#sayGoodbye();
    } catch {
      // the connection has failed before, and nobody is there to hear it
    }
    if (isSaid) leave();
    else setImmediate(leave);
  }

  /** True when nothing is left to be sent. A close_notify says that the peer has everything, so it must not be sent before. */
  #hasSentAll(): boolean {
    if (this.#info === undefined || this.#isReset || this.#isTransportLeft) return false;
    const hasWritten = !this.writableEnded && this.writableLength === 0 && this.#resumeWriting === undefined;
    return hasWritten && !this.#isTransportFull;
  }

  #fail(error: TlsError): void {
    if (this.destroyed || this.#heldFailure !== undefined) return;
    this.#watch.end();
    if (this.readableLength === 0 || this.#resumeWriting !== undefined) {
      this.destroy(error);
      return;
    }
    // what came before the failure can still be read, and the peer does not wait for that
    this.#heldFailure = error;
    this.#leaveTransport(error);
  }

  /** Nothing can be sent any more, and what came is given up, as net.Socket does. */
  readonly #onTransportFailed = (error: TlsError): void => {
    if (!this.destroyed && !this.#isTransportLeft) this.destroy(error);
  };

  readonly #onClose = (): void => {
    this.#onEnd();
    if (this.destroyed || this.writableFinished) return;
    if (this.writableLength > 0) this.destroy(transportClosed());
    else if (this.#isPeerClosed && this.readableLength === 0 && !this.#turns.isWaiting) this.destroy();
  };

  #leaveTransport(error: Error | null): void {
    if (this.#isTransportLeft) return;
    this.#isTransportLeft = true;
    this.#transport.close(this.#closingManner(error));
  }

  /**
   * What was sent last, an alert or a close_notify, must arrive if it can, and so must what the application was told to be written.
   * An error of the application cuts at once, and so does whoever does not wait for the end of `end()`.
   */
  #closingManner(error: Error | null): ClosingManner {
    if (this.#isReset) return 'reset';
    if (isTlsError(error) && error.direction === 'sent') return 'lingering';
    const isUnfinished = this.writableEnded && !this.writableFinished;
    return error !== null || this.#info === undefined || isUnfinished ? 'now' : 'whenSent';
  }
}

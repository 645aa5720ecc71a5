import type { Duplex } from 'node:stream';
import type { EngineSink, TlsEngine } from '../backend.ts';
import type { ConnectionInfo } from '../connection-info.ts';
import { withoutPrototype } from '../own-options.ts';
import type { TlsSession } from '../session.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import { closeWhenSent, lingeringClose, resetTransport } from './closing.ts';
import { checkBytes, checkSignal, checkTimeout } from './socket-options.ts';
import { TlsSurface, type SocketSide } from './tls-surface.ts';
import { bytesOf, checkDuplex, takeDuplex } from './take-duplex.ts';

/** How a `TlsSocket` is made. */
export interface TlsSocketOptions extends SocketSide {
  /** What a client sends before all else, as early data where it can. */
  readonly earlyData?: Uint8Array | undefined;
  /** Bytes of the peer that were read from the transport before, e.g. the `head` of an HTTP upgrade. */
  readonly head?: Uint8Array | undefined;
  /** Milliseconds until `ERR_TLS_TIMEOUT`; 0: never. Default: 10,000. */
  readonly handshakeTimeout?: number | undefined;
  /** Ends the handshake with `ERR_TLS_ABORTED`; without effect once it is done. */
  readonly signal?: AbortSignal | undefined;
  /** Keep the writable side open when the peer ended its own; default false, as in node:net. */
  readonly allowHalfOpen?: boolean | undefined;
  /** What `socket.server` says; node:http2 needs it. */
  readonly server?: unknown;
}

export const defaultHandshakeTimeout = 10_000;
/** Writes up to this size are joined: one record and one buffer instead of many. */
const joinLimit = 2 ** 16;
/** Bytes that may wait in the transport while the next are protected: with less, one would wait for the other. */
const transportLimit = 2 ** 17;

/**
 * A TLS connection as a Duplex, over any other Duplex. It has the surface that Node's ecosystem expects of a TLSSocket.
 *
 * Events besides a Duplex's: `secure` (both roles) and `secureConnect` (client) when the handshake is done, `session`, `keylog`,
 * `timeout`, and `tlsWarning` (TlsError) when something did not work that the connection can do without (`EngineSink.warning`).
 *
 * `end()` says goodbye to the peer (close_notify, RFC 8446 §6.1) behind all that was written, and `destroy()` does if nothing written is
 * left. `destroy(error)` and `resetAndDestroy()` do not: the peer sees a connection that was cut.
 */
export class TlsSocket extends TlsSurface {
  /** The server that accepted it. */
  readonly server: unknown;

  readonly #transport: Duplex;
  readonly #engine: TlsEngine;
  readonly #role: 'client' | 'server';
  #info: ConnectionInfo | undefined;
  /** Sessions that came with the handshake (TLS 1.2), until `secure` has been emitted and whoever awaits it has run. */
  #heldSessions: TlsSession[] | undefined = [];
  #handshakeTimer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;

  /** A failure that waits until what was received before it has been read; the transport is let go meanwhile. */
  #heldFailure: TlsError | undefined;
  /** The peer ended its side in order. */
  #isPeerClosed = false;
  /** Who does not want to be given more now: whoever reads this socket, or the engine. The transport is read when neither does. */
  readonly #pausedFor = new Set<'reader' | 'engine'>();
  #isTransportFull = false;
  /** How many batches the engine has given out. */
  #batches = 0;
  #isTransportLeft = false;
  #isReset = false;
  /** Whoever makes the socket has it: events can be heard. */
  readonly #isMade: true | undefined;
  #isCorked = false;
  /** Calls back the writable side once the handshake is done or the transport has drained. */
  #resumeWriting: ((error?: Error | null) => void) | undefined;

  /** @throws TypeError on a transport or an option that cannot be used, and what `makeEngine` throws; nothing is left of the socket then */
  constructor(transport: Duplex, makeEngine: (sink: EngineSink) => TlsEngine, options: TlsSocketOptions) {
    super(transport, options.allowHalfOpen ?? false, options);
    checkDuplex(transport);
    checkTimeout('handshakeTimeout', options.handshakeTimeout);
    checkSignal(options.signal);
    checkBytes('earlyData', options.earlyData);
    checkBytes('head', options.head);
    this.#transport = transport;
    this.#role = options.role;
    this.server = options.server;
    this.#engine = makeEngine(this.#makeSink());
    takeDuplex(transport);
    transport.on('data', this.#onData);
    transport.on('end', this.#onEnd);
    transport.on('close', this.#onClose);
    transport.on('error', this.#onTransportError);
    transport.on('drain', this.#onDrain);
    this.#watchHandshake(options);
    this.#begin(options);
    this.#isMade = true;
  }

  #makeSink(): EngineSink {
    return withoutPrototype<EngineSink>({
      ciphertext: (batch) => this.#writeToTransport(batch),
      plaintext: (batch) => {
        if (!this.destroyed && !this.push(batch)) this.#pause('reader');
      },
      handshake: (info) => this.#secured(info),
      session: (session) => this.#gotSession(session),
      keyLog: (line) => this.#tell('keylog', Buffer.from(`${line}\n`)),
      closed: () => {
        this.#isPeerClosed = true;
        if (this.destroyed) return;
        this.push(null);
        this.read(0); // a stream that nobody reads learns of its end by being asked
      },
      inputResumed: () => this.#goOnReading('engine'),
      warning: (warning) => this.#tell('tlsWarning', warning),
      failed: (error) => this.#fail(error),
    });
  }

  #begin({ earlyData, head }: TlsSocketOptions): void {
    try {
      this.#engine.start();
      if (earlyData !== undefined && !this.destroyed) this.#engine.send(earlyData);
      if (head !== undefined) this.#onData(head);
    } catch (error) {
      if (this.destroyed) return; // a failure that is told as one
      this.#endWatch();
      this.#leaveListeners();
      this.#transport.removeListener('end', this.#onEnd);
      this.#transport.removeListener('close', this.#onClose);
      this.#transport.removeListener('error', this.#onTransportError);
      this.#engine.destroy();
      throw error;
    }
    if (this.#pausedFor.size === 0) this.#transport.resume();
    if (!this.#transport.writable || this.#transport.readableEnded) process.nextTick(this.#onDeadTransport);
  }

  /** What happens while the socket is being made waits until whoever makes it can listen. */
  #tell(event: 'keylog' | 'tlsWarning', fact: unknown): void {
    if (this.#isMade) this.emit(event, fact);
    else process.nextTick(() => this.emit(event, fact));
  }

  override get info(): ConnectionInfo | undefined {
    return this.#info;
  }

  /** @throws TlsError `ERR_TLS_API_MISUSE` before the handshake is done */
  exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Buffer {
    const material = this.#engine.exportKeyingMaterial(label, context, length);
    return Buffer.from(material.buffer, material.byteOffset, material.length);
  }

  /** @throws TlsError `ERR_TLS_API_MISUSE` before the handshake is done, or where the protocol has no KeyUpdate */
  requestKeyUpdate(): void {
    this.#engine.requestKeyUpdate();
  }

  /** Closes with a TCP RST where the transport can; no close_notify is sent. */
  resetAndDestroy(): this {
    this.#isReset = true;
    return this.destroy();
  }

  // The Duplex

  override read(size?: number): unknown {
    const chunk: unknown = super.read(size);
    if (this.#heldFailure !== undefined && this.readableLength === 0) {
      const failure = this.#heldFailure;
      this.#heldFailure = undefined;
      // behind the data that is being given out now
      process.nextTick(() => this.destroy(failure));
    }
    return chunk;
  }

  override _read(): void {
    this.#goOnReading('reader');
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const buffers = chunks.map(({ chunk }) => chunk);
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    this.#send(length <= joinLimit ? [Buffer.concat(buffers, length)] : buffers, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    const end = (error?: Error | null): void => {
      if (error === undefined || error === null) this.#endTransport(done);
      else done(error);
    };
    // before the handshake is done the engine says it behind what waits, or fails
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

  /** @returns false inside of one of the engine's events: it says first what comes before, when the event is over (see `TlsEngine`) */
  #sayGoodbye(): boolean {
    const before = this.#batches;
    this.#engine.close();
    return this.#batches !== before;
  }

  /** The writable side has finished when the transport's has: before that a peer that does not read would be nobody's any more. */
  #endTransport(done: (error?: Error | null) => void): void {
    if (this.#transport.writableFinished) {
      done();
      return;
    }
    this.#uncork();
    this.#transport.end((error?: Error | null) => done(error && transportFailed(error)));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#endWatch();
    this.idleTimer.set(0);
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
      // the connection has failed before: there is nobody to say it to
    }
    if (isSaid) leave();
    else setImmediate(leave);
  }

  /** A close_notify would say that the peer has everything; where something is still to be sent, it must not be said. */
  #hasSentAll(): boolean {
    if (this.#info === undefined || this.#isReset || this.#isTransportLeft) return false;
    return !this.writableEnded && this.writableLength === 0 && this.#resumeWriting === undefined;
  }

  /**
   * What was sent last, an alert or a close_notify, must arrive if it can, and so must what the application was told to be written.
   * Its own error cuts at once, and so does whoever does not wait for the end of `end()`.
   */
  #leaveTransport(error: Error | null): void {
    if (this.#isTransportLeft) return;
    this.#isTransportLeft = true;
    this.#leaveListeners();
    this.#uncork();
    const isCut = error !== null || this.#info === undefined || isUnfinished(this);
    if (this.#isReset) resetTransport(this.#transport);
    else if (isTlsError(error) && error.direction === 'sent') lingeringClose(this.#transport);
    else if (isCut) this.#transport.destroy();
    else closeWhenSent(this.#transport);
  }

  #leaveListeners(): void {
    this.#transport.removeListener('data', this.#onData);
    this.#transport.removeListener('drain', this.#onDrain);
  }

  #send(buffers: readonly Buffer[], done: (error?: Error | null) => void): void {
    if (this.#heldFailure !== undefined || !this.#transport.writable) {
      done(this.#heldFailure ?? transportClosed());
      return;
    }
    this.idleTimer.refresh();
    try {
      for (const buffer of buffers) this.#engine.send(buffer);
    } catch (error) {
      if (!isTlsError(error)) throw error; // a listener's, and no failure of this connection
      done(error);
      return;
    }
    if (this.#info === undefined || this.#isTransportFull) this.#resumeWriting = done;
    else done();
  }

  // The transport

  /** Corked until the tick ends: what one tick sends is one write. */
  #writeToTransport(batch: Uint8Array): void {
    this.#batches += 1;
    if (!this.#transport.writable) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#transport.cork();
      process.nextTick(this.#uncork);
    }
    if (!this.#transport.write(batch) && this.#transport.writableLength > transportLimit) this.#isTransportFull = true;
  }

  readonly #uncork = (): void => {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#transport.uncork();
  };

  readonly #onData = (chunk: unknown): void => {
    if (this.destroyed || this.#heldFailure !== undefined) return;
    const bytes = bytesOf(chunk);
    if (bytes === undefined) {
      this.destroy(new TlsError('ERR_TLS_TRANSPORT', `the connection below gave no bytes, but a ${typeof chunk}`));
      return;
    }
    this.idleTimer.refresh();
    this.#engine.receive(bytes);
    if (this.#engine.isInputHeld) this.#pause('engine');
  };

  readonly #onEnd = (): void => {
    if (this.destroyed || this.#heldFailure !== undefined || this.#isPeerClosed) return;
    this.#engine.receiveEnd();
  };

  readonly #onClose = (): void => {
    this.#onEnd();
    if (this.destroyed || this.writableFinished) return;
    if (this.writableLength > 0) this.destroy(transportClosed());
    else if (this.#isPeerClosed && this.readableLength === 0) this.destroy();
  };

  /** The transport had ended, or had been destroyed, before this socket was made. */
  readonly #onDeadTransport = (): void => {
    const { errored, readableEnded, destroyed } = this.#transport;
    if (errored) this.#onTransportError(errored);
    else if (readableEnded || destroyed) this.#onEnd();
    else if (!this.destroyed) this.destroy(transportClosed());
  };

  /** Nothing can be sent any more, and what came is given up, as net.Socket does. */
  readonly #onTransportError = (cause: Error): void => {
    if (!this.destroyed && !this.#isTransportLeft) this.destroy(transportFailed(cause));
  };

  readonly #onDrain = (): void => {
    this.#isTransportFull = false;
    if (this.#info !== undefined) this.#goOnWriting();
  };

  #goOnWriting(): void {
    if (this.#isTransportFull) return;
    const resume = this.#resumeWriting;
    this.#resumeWriting = undefined;
    resume?.();
  }

  #pause(reason: 'reader' | 'engine'): void {
    this.#pausedFor.add(reason);
    this.#transport.pause();
  }

  #goOnReading(reason: 'reader' | 'engine'): void {
    if (this.#pausedFor.delete(reason) && this.#pausedFor.size === 0) this.#transport.resume();
  }

  #fail(error: TlsError): void {
    if (this.destroyed || this.#heldFailure !== undefined) return;
    this.#endWatch();
    if (this.readableLength === 0 || this.#resumeWriting !== undefined) {
      this.destroy(error);
      return;
    }
    // what came before the failure is not lost, and the peer is not kept waiting for whoever reads it
    this.#heldFailure = error;
    this.#leaveTransport(error);
  }

  // The handshake

  #watchHandshake({ handshakeTimeout = defaultHandshakeTimeout, signal }: TlsSocketOptions): void {
    if (handshakeTimeout > 0) {
      this.#handshakeTimer = setTimeout(() => {
        this.#giveUp(new TlsError('ERR_TLS_TIMEOUT', `the handshake was not done within ${handshakeTimeout} ms`));
      }, handshakeTimeout);
    }
    if (signal === undefined) return;
    this.#signal = signal;
    if (signal.aborted) process.nextTick(this.#onAbort);
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => {
    this.#giveUp(new TlsError('ERR_TLS_ABORTED', 'the handshake was aborted', { cause: this.#signal?.reason }));
  };

  #giveUp(error: TlsError): void {
    if (!this.destroyed && this.#info === undefined && this.#heldFailure === undefined) this.#engine.fail(error);
  }

  #endWatch(): void {
    clearTimeout(this.#handshakeTimer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  #secured(info: ConnectionInfo): void {
    this.#info = info;
    this.#endWatch();
    // behind the turn of the engine, so that listeners may call into it
    process.nextTick(() => {
      if (this.destroyed) return;
      if (this.#role === 'client') {
        this.emit('connect');
        this.emit('secureConnect');
      }
      this.emit('secure');
      this.#goOnWriting();
      setImmediate(() => {
        const held = this.#heldSessions ?? [];
        this.#heldSessions = undefined;
        for (const session of held) this.emit('session', session);
      });
    });
  }

  #gotSession(session: TlsSession): void {
    if (this.destroyed) return;
    if (this.#heldSessions === undefined) this.emit('session', session);
    else this.#heldSessions.push(session);
  }
}

function isUnfinished({ writableEnded, writableFinished }: Duplex): boolean {
  return writableEnded && !writableFinished;
}

function transportFailed(cause: Error): TlsError {
  return new TlsError('ERR_TLS_TRANSPORT', `the connection below failed: ${cause.message}`, { cause });
}

function transportClosed(): TlsError {
  return new TlsError('ERR_TLS_TRANSPORT', 'the connection below is closed');
}

import type { Duplex } from 'node:stream';
import type { EngineSink, TlsEngine } from '../backend.ts';
import type { ConnectionInfo } from '../connection-info.ts';
import type { TlsSession } from '../session.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import { lingeringClose } from './lingering-close.ts';
import { TlsSurface, type SocketSide } from './tls-surface.ts';

/** How a `TlsSocket` is made. */
export interface TlsSocketOptions extends SocketSide {
  /** What a client sends before all else, as early data where it can. */
  readonly earlyData?: Uint8Array | undefined;
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
 * `timeout`.
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

  /** A failure that waits until what was received before it has been read. */
  #heldFailure: TlsError | undefined;
  /** The peer ended its side in order. */
  #isPeerClosed = false;
  #isReadPaused = false;
  #isTransportFull = false;
  #isCorked = false;
  /** Calls back the writable side once the handshake is done or the transport has drained. */
  #resumeWriting: ((error?: Error | null) => void) | undefined;

  constructor(transport: Duplex, makeEngine: (sink: EngineSink) => TlsEngine, options: TlsSocketOptions) {
    super(transport, options.allowHalfOpen ?? false, options);
    this.#transport = transport;
    this.#role = options.role;
    this.server = options.server;
    const sink: EngineSink = {
      ciphertext: (batch) => this.#writeToTransport(batch),
      plaintext: (batch) => this.#deliver(batch),
      handshake: (info) => this.#secured(info),
      session: (session) => this.#gotSession(session),
      keyLog: (line) => this.emit('keylog', Buffer.from(`${line}\n`)),
      closed: () => {
        this.#isPeerClosed = true;
        this.push(null);
      },
      failed: (error) => this.#fail(error),
    };
    this.#engine = makeEngine(sink);
    // what the peer's end means is for TLS to say: a transport that ends itself then cuts off what was still to be written
    transport.allowHalfOpen = true;

    transport.on('data', this.#onData);
    transport.on('end', this.#onEnd);
    transport.on('close', this.#onEnd);
    transport.on('error', this.#onTransportError);
    transport.on('drain', this.#onDrain);
    this.#watchHandshake(options);
    this.#engine.start();
    if (options.earlyData !== undefined && !this.destroyed) this.#engine.send(options.earlyData);
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
    if (!this.#isReadPaused) return;
    this.#isReadPaused = false;
    this.#transport.resume();
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
    try {
      this.#engine.close();
    } catch (error) {
      done(error as Error);
      return;
    }
    const end = (error?: Error | null): void => {
      if (error === undefined || error === null) this.#transport.end();
      done(error);
    };
    if (this.#info === undefined) this.#resumeWriting = end;
    else end();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#endWatch();
    this.idleTimer.set(0);
    this.#engine.destroy();
    const resume = this.#resumeWriting;
    this.#resumeWriting = undefined;
    this.#transport.removeListener('data', this.#onData);
    this.#transport.removeListener('drain', this.#onDrain);
    this.#uncork();
    // an alert that was sent must arrive: a transport that is torn down with unread input may lose it
    if (isTlsError(error) && error.direction === 'sent') lingeringClose(this.#transport);
    else if (this.writableFinished && !this.#transport.writableFinished)
      this.#transport.once('finish', () => this.#transport.destroy());
    else this.#transport.destroy();
    resume?.(error);
    done(error);
  }

  #send(buffers: readonly Buffer[], done: (error?: Error | null) => void): void {
    if (this.#heldFailure !== undefined) {
      done(this.#heldFailure);
      return;
    }
    this.idleTimer.refresh();
    try {
      for (const buffer of buffers) this.#engine.send(buffer);
    } catch (error) {
      done(error as Error);
      return;
    }
    if (this.#info === undefined || this.#isTransportFull) this.#resumeWriting = done;
    else done();
  }

  // The transport

  /** Corked until the tick ends: what one tick sends is one write. */
  #writeToTransport(batch: Uint8Array): void {
    if (this.#transport.destroyed || this.#transport.writableEnded) return;
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

  readonly #onData = (chunk: Uint8Array): void => {
    if (this.destroyed || this.#heldFailure !== undefined) return;
    this.idleTimer.refresh();
    this.#engine.receive(chunk);
  };

  readonly #onEnd = (): void => {
    if (this.destroyed || this.#heldFailure !== undefined || this.#isPeerClosed) return;
    this.#engine.receiveEnd();
  };

  readonly #onTransportError = (cause: Error): void => {
    this.#fail(new TlsError('ERR_TLS_TRANSPORT', `the connection below failed: ${cause.message}`, { cause }));
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

  #deliver(batch: Uint8Array): void {
    if (this.push(batch)) return;
    this.#isReadPaused = true;
    this.#transport.pause();
  }

  #fail(error: TlsError): void {
    if (this.destroyed || this.#heldFailure !== undefined) return;
    this.#endWatch();
    // what came before the failure is not lost
    if (this.readableLength > 0 && this.#resumeWriting === undefined) this.#heldFailure = error;
    else this.destroy(error);
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
    if (!this.destroyed && this.#info === undefined) this.#engine.fail(error);
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
    if (this.#heldSessions === undefined) this.emit('session', session);
    else this.#heldSessions.push(session);
  }
}

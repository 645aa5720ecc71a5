import type { Duplex } from 'node:stream';
import {
  TlsError,
  type ConnectionInfo,
  type EngineSink,
  type SessionStore,
  type TlsClientContext,
  type TlsSession,
} from '@org/tls-core';
import { TlsSocket } from '@org/tls-core/node';
import { watchedStore } from './kept-sessions.ts';

type WriteDone = (error?: Error | null) => void;

/** How an `EarlySocket` is made. Its session comes from the store. */
export interface EarlyOptions {
  readonly context: TlsClientContext;
  readonly serverName: string;
  readonly alpnProtocols: readonly string[];
  readonly sessionStore: SessionStore;
  readonly signal: AbortSignal;
  readonly handshakeTimeout: number | undefined;
}

/**
 * Begins a handshake over a connection that is made first. No connection is left where this rejects.
 * @throws TlsError `ERR_TLS_CONFIG` on a name that cannot be verified, and all that making the connection can fail with
 */
export async function beginEarly(options: EarlyOptions, transport: () => Promise<Duplex>): Promise<EarlySocket> {
  const below = await transport();
  try {
    return new EarlySocket(below, options);
  } catch (error) {
    below.on('error', () => undefined).destroy();
    throw error;
  }
}

/**
 * A client's socket that is handed over while its handshake goes on, so that what is written first goes out as early data (RFC 8446 §2.3).
 * It looks like a socket whose handshake is done: it has the protocol of the session, under which early data is sent (§4.2.10). Where the
 * server chooses another one, the connection fails, and nothing of what was rejected is sent again.
 *
 * Its owner ends early data before he gives it anything that must not be replayed.
 */
export class EarlySocket extends TlsSocket {
  readonly #session: { readonly taken: TlsSession | undefined };
  #isOpen = true;
  #room: number;
  /** A write that waits for the handshake. */
  #held: { readonly write: () => void; readonly done: WriteDone } | undefined;

  constructor(below: Duplex, options: EarlyOptions) {
    const { context, serverName, alpnProtocols, signal, handshakeTimeout } = options;
    const session: { taken: TlsSession | undefined } = { taken: undefined };
    const sessionStore = watchedStore(options.sessionStore, (taken) => {
      session.taken = taken;
    });
    const engineOptions = { serverName, alpnProtocols, sessionStore, earlyData: true };
    super(below, (sink) => context.createEngine(engineOptions, withSameProtocol(sink, session)), {
      role: 'client',
      serverName,
      signal,
      handshakeTimeout,
    });
    this.#session = session;
    this.#room = session.taken?.maxEarlyData ?? 0;
    this.once('secure', () => this.#release());
  }

  /** Whether there is a session that takes early data, and the handshake is not done. */
  get isEarly(): boolean {
    return this.info === undefined && !this.destroyed && (this.#session.taken?.maxEarlyData ?? 0) > 0;
  }

  /** Whether what is written now goes out as early data. */
  get sendsEarly(): boolean {
    return this.#isOpen && this.isEarly;
  }

  /** Lets all that is written from here on wait for the handshake. */
  endEarlyData(): void {
    this.#isOpen = false;
  }

  override get alpnProtocol(): string | false {
    return this.info === undefined ? (this.#session.taken?.alpnProtocol ?? false) : super.alpnProtocol;
  }

  override get secureConnecting(): boolean {
    return this.isEarly ? false : super.secureConnecting;
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: WriteDone): void {
    // oxlint-disable-next-line no-underscore-dangle -- a stream's own name for what a subclass overrides
    this.#pass(chunk.length, done, (passed) => super._write(chunk, encoding, passed));
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: WriteDone): void {
    const length = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    // oxlint-disable-next-line no-underscore-dangle -- a stream's own name for what a subclass overrides
    this.#pass(length, done, (passed) => super._writev(chunks, passed));
  }

  override _destroy(error: Error | null, done: WriteDone): void {
    const held = this.#held;
    this.#held = undefined;
    held?.done(error ?? new TlsError('ERR_TLS_ABORTED', 'the socket was destroyed before this was sent'));
    // oxlint-disable-next-line no-underscore-dangle -- a stream's own name for what a subclass overrides
    super._destroy(error, done);
  }

  /** Early data is taken at once, so that more of it can follow before the handshake is done. All else waits for that. */
  #pass(length: number, done: WriteDone, write: (done: WriteDone) => void): void {
    if (this.info !== undefined) {
      write(done);
      return;
    }
    if (!this.sendsEarly || length > this.#room) {
      this.endEarlyData();
      this.#held = { write: () => write(done), done };
      return;
    }
    this.#room -= length;
    write((error) => {
      if (error) this.destroy(error);
    });
    done();
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    held?.write();
  }
}

/**
 * Fails a connection whose protocol is not the session's, also where nothing was sent early: the socket has told its owner the session's. Only a
 * session that takes early data makes a socket tell it. What was sent is not sent again by the engine (RFC 8446 §4.2.10).
 */
function withSameProtocol(sink: EngineSink, session: { readonly taken: TlsSession | undefined }): EngineSink {
  const handshake = (info: ConnectionInfo): void => {
    const { taken } = session;
    if (taken === undefined || taken.maxEarlyData === 0 || taken.alpnProtocol === info.alpnProtocol) {
      sink.handshake(info);
      return;
    }
    const [before, now] = [taken.alpnProtocol, info.alpnProtocol].map((name) => name ?? 'none');
    sink.failed(
      new TlsError('ERR_TLS_NO_APPLICATION_PROTOCOL', `early data was sent for the protocol ${before}, got ${now}`),
    );
  };
  return { ...sink, handshake };
}

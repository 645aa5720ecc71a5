import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TlsError } from '../tls-error.ts';
import { DuplexTransport } from './duplex-transport.ts';
import { streamOptionsOf, type TlsStreamOptions } from './stream-options.ts';
import { TlsStream, type MakeEngine } from './tls-stream.ts';

/** What programs expect of a net.Socket. The Duplex below answers where it is one. */
export abstract class NetSurface extends TlsStream {
  readonly #below: Duplex;

  /** @param options may hold more than a stream's */
  constructor(below: Duplex, makeEngine: MakeEngine, options: TlsStreamOptions) {
    super(new DuplexTransport(below), makeEngine, streamOptionsOf(options));
    this.#below = below;
  }

  get connecting(): boolean {
    return this.#socket.connecting ?? false;
  }

  get pending(): boolean {
    return this.#socket.pending ?? false;
  }

  /** The state of the socket in the words of node:net. */
  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening';
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  /** The same as `writableLength`, by Node's old name. */
  get bufferSize(): number {
    return this.writableLength;
  }

  /**
   * A net.Socket dials by this. A TlsSocket is made over a connection that is there already.
   * @throws TlsError `ERR_TLS_API_MISUSE` always
   */
  connect(..._target: readonly unknown[]): this {
    throw new TlsError('ERR_TLS_API_MISUSE', 'a TlsSocket has its connection already; use connect() of this package');
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  get remoteFamily(): string | undefined {
    return this.#socket.remoteFamily;
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  get localFamily(): string | undefined {
    return this.#socket.localFamily;
  }

  /** The bytes that came over the wire, protection included, where the Duplex below counts them, else 0. */
  get bytesRead(): number {
    return this.#socket.bytesRead ?? 0;
  }

  /** The bytes that were given to the wire, protection included, where the Duplex below counts them, else 0. */
  get bytesWritten(): number {
    return this.#socket.bytesWritten ?? 0;
  }

  /** The milliseconds of `setTimeout`; `undefined` where it is off. */
  get timeout(): number | undefined {
    return this.idleTimer.duration;
  }

  /** Gives the local address of the Duplex below, `{}` where it has none. */
  address(): AddressInfo | Record<string, never> {
    return (this.#socket.address?.() as AddressInfo | undefined) ?? {};
  }

  /** Emits `timeout` after this many milliseconds without data in either direction; 0 turns that off. The socket stays open. */
  setTimeout(duration: number, listener?: () => void): this {
    this.idleTimer.set(duration);
    if (listener !== undefined) {
      if (duration === 0) this.removeListener('timeout', listener);
      else this.once('timeout', listener);
    }
    return this;
  }

  setNoDelay(noDelay?: boolean): this {
    this.#socket.setNoDelay?.(noDelay);
    return this;
  }

  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    this.#socket.setKeepAlive?.(enable, initialDelay);
    return this;
  }

  /** Destroys the socket once all that was written has gone out. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** The Duplex below with what it has if it is a net.Socket. */
  get #socket(): Partial<Socket> {
    return this.#below as Partial<Socket>;
  }
}

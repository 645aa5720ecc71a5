import type { AddressInfo, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TlsError } from '../tls-error.ts';
import { IdleTimer } from './idle-timer.ts';

/** What programs expect of a net.Socket, answered by the transport below where that is one. */
export abstract class NetSurface extends Duplex {
  readonly #transport: Duplex;
  /** Fires `timeout`; whoever moves data refreshes it. */
  protected readonly idleTimer: IdleTimer;

  constructor(transport: Duplex, allowHalfOpen: boolean) {
    super({ allowHalfOpen });
    this.#transport = transport;
    this.idleTimer = new IdleTimer(() => this.emit('timeout'));
  }

  get connecting(): boolean {
    return this.#socket.connecting ?? false;
  }

  get pending(): boolean {
    return this.#socket.pending ?? false;
  }

  /** As in node:net. */
  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening';
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  /** Node's old name of `writableLength`. */
  get bufferSize(): number {
    return this.writableLength;
  }

  /**
   * A net.Socket dials by this; a TlsSocket is made over what is dialled already.
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

  /** Bytes on the wire, protection included, where the transport counts them. */
  get bytesRead(): number {
    return this.#socket.bytesRead ?? 0;
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten ?? 0;
  }

  /** Milliseconds of `setTimeout`, or `undefined`. */
  get timeout(): number | undefined {
    return this.idleTimer.duration;
  }

  /** @returns the transport's address, `{}` where it has none */
  address(): AddressInfo | Record<string, never> {
    return (this.#socket.address?.() as AddressInfo | undefined) ?? {};
  }

  /** Emits `timeout` after this many milliseconds without data either way; 0 turns it off. The socket stays open. */
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

  ref(): this {
    this.#socket.ref?.();
    return this;
  }

  unref(): this {
    this.#socket.unref?.();
    return this;
  }

  /** Destroys the socket once all that was written has gone out. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** What a transport may have when it is a net.Socket. */
  get #socket(): Partial<Socket> {
    return this.#transport as Partial<Socket>;
  }
}

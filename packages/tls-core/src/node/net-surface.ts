import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TlsError } from '../tls-error.ts';
import { readLengthFor } from './on-read.ts';
import { streamOptionsOf, type TlsStreamOptions } from './stream-options.ts';
import { TlsStream, type MakeEngine } from './tls-stream.ts';
import { transportOver } from './transport-over.ts';

/** What later versions of Node have beyond the types of the oldest one, and older ones lack. */
interface LaterSocket {
  setKeepAlive(enable?: boolean | KeepAliveOptions, initialDelay?: number, interval?: number, count?: number): this;
  getTypeOfService(): number;
  setTypeOfService(typeOfService: number): this;
}

/** TCP keep-alive in one object, as later versions of Node take it. */
export interface KeepAliveOptions {
  readonly enable?: boolean | undefined;
  /** Milliseconds of silence before the first probe. */
  readonly initialDelay?: number | undefined;
  /** Milliseconds between probes. */
  readonly interval?: number | undefined;
  readonly count?: number | undefined;
}

/** The Duplex below, with what it has if it is a net.Socket. */
type SocketBelow = Partial<Omit<Socket, keyof LaterSocket> & LaterSocket>;

/** The longest time that Node's timers know, in milliseconds. */
const longestTimeout = 2 ** 31 - 1;

/**
 * What programs expect of a net.Socket: TypeScript takes it for one. The Duplex below answers where it is one.
 *
 * The events of dialling (`lookup`, `connectionAttempt`, …) belong to the Duplex below. `close` says whether the socket had failed.
 */
export abstract class NetSurface extends TlsStream {
  declare readonly localAddress?: string;
  declare readonly localPort?: number;
  declare readonly localFamily?: string;
  /** The milliseconds of `setTimeout`, 0 where that turned it off; `undefined` where it was never set. */
  declare readonly timeout?: number;

  readonly #below: Duplex;

  // A getter has no type that says that the property may be missing, which is what net.Socket's types say.
  static {
    const readOnly = (get: (this: NetSurface) => unknown): PropertyDescriptor => ({ get, configurable: true });
    Object.defineProperties(this.prototype, {
      localAddress: readOnly(function localAddress() {
        return this.#socket.localAddress;
      }),
      localPort: readOnly(function localPort() {
        return this.#socket.localPort;
      }),
      localFamily: readOnly(function localFamily() {
        return this.#socket.localFamily;
      }),
      timeout: readOnly(function timeout() {
        return this.idleTimer.duration;
      }),
    });
  }

  /** @param options may hold more than a stream's */
  constructor(below: Duplex, makeEngine: MakeEngine, options: TlsStreamOptions) {
    super(transportOver(below, readLengthFor(options.onread)), makeEngine, streamOptionsOf(options));
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

  /** The addresses that were tried when the TCP connection was made, where several were, as `address:port`. */
  get autoSelectFamilyAttemptedAddresses(): string[] {
    return this.#socket.autoSelectFamilyAttemptedAddresses ?? [];
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

  /** The bytes that came over the wire, protection included, where the Duplex below counts them, else 0. */
  get bytesRead(): number {
    return this.#socket.bytesRead ?? 0;
  }

  /** The bytes that were given to the wire, protection included, where the Duplex below counts them, else 0. */
  get bytesWritten(): number {
    return this.#socket.bytesWritten ?? 0;
  }

  /** Gives the local address of the Duplex below, `{}` where it has none. */
  address(): AddressInfo | Record<string, never> {
    return (this.#socket.address?.() as AddressInfo | undefined) ?? {};
  }

  /**
   * Emits `timeout` after this many milliseconds without data in either direction; 0 turns that off. The socket stays open.
   * @throws TypeError, RangeError unless it is a number from 0 on
   */
  setTimeout(duration: number, listener?: () => void): this {
    if (this.destroyed) return this;
    if (typeof duration !== 'number') throw new TypeError(`setTimeout: expected a number, got ${typeof duration}`);
    if (!(duration >= 0 && duration < Infinity))
      throw new RangeError(`setTimeout: expected 0 or more, got ${duration}`);
    this.idleTimer.set(Math.min(duration, longestTimeout));
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

  /** Takes what the net.Socket below takes: an object, an interval and a count in later versions of Node only. */
  setKeepAlive(enable?: boolean | KeepAliveOptions, initialDelay?: number, interval?: number, count?: number): this {
    this.#socket.setKeepAlive?.(enable, initialDelay, interval, count);
    return this;
  }

  /** The IP type of service of the net.Socket below; 0 where Node cannot tell. */
  getTypeOfService(): number {
    return this.#socket.getTypeOfService?.() ?? 0;
  }

  setTypeOfService(typeOfService: number): this {
    this.#socket.setTypeOfService?.(typeOfService);
    return this;
  }

  /** Destroys the socket once all that was written has gone out. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    return event === 'close' ? super.emit(event, this.errored !== null) : super.emit(event, ...values);
  }

  get #socket(): SocketBelow {
    return this.#below as SocketBelow;
  }
}

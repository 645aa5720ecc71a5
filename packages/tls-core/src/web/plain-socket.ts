import { TlsError } from '../tls-error.ts';
import { checkByteStreams, type ByteStreams } from './byte-streams.ts';
import { Deferred } from './deferred.ts';
import type { Socket, SocketInfo, StartTlsOptions } from './socket.ts';

/** A socket in the clear, which may be secured later. Its streams are those of the connection below. */
export class PlainSocket implements Socket {
  readonly secureTransport = 'starttls';
  readonly opened: Promise<SocketInfo>;
  readonly #transport: ByteStreams;
  readonly #secure: (transport: ByteStreams, options: StartTlsOptions) => Socket;
  readonly #closed = new Deferred<void>();
  #isUpgraded = false;

  /** @param secure makes the socket that takes this one's place */
  constructor(transport: ByteStreams, secure: (transport: ByteStreams, options: StartTlsOptions) => Socket) {
    this.#transport = transport;
    this.#secure = secure;
    this.opened = this.#tellOpened();
    this.opened.catch(() => undefined);
  }

  get readable(): ReadableStream<Uint8Array> {
    return this.#transport.readable;
  }

  get writable(): WritableStream<Uint8Array> {
    return this.#transport.writable;
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get upgraded(): boolean {
    return this.#isUpgraded;
  }

  async close(): Promise<void> {
    if (this.#isUpgraded) return this.closed;
    const reason = new TlsError('ERR_TLS_ABORTED', 'the socket was closed');
    const { readable, writable } = this.#transport;
    // a stream that somebody reads or writes cannot be closed from here, and is its user's to end
    await Promise.allSettled([
      ...(readable.locked ? [] : [readable.cancel(reason)]),
      ...(writable.locked ? [] : [writable.close()]),
    ]);
    this.#closed.resolve();
  }

  startTls(options: StartTlsOptions = {}): Socket {
    if (this.#isUpgraded) throw new TypeError('startTls: the socket has been secured already');
    checkByteStreams(this.#transport);
    const secured = this.#secure(this.#transport, options);
    this.#isUpgraded = true;
    this.#closed.resolve();
    return secured;
  }

  async #tellOpened(): Promise<SocketInfo> {
    const { remoteAddress, localAddress } = (await this.#transport.opened) ?? {};
    return { remoteAddress, localAddress, alpn: undefined, security: undefined };
  }
}

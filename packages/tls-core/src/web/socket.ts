import type { ConnectionInfo } from '../connection-info.ts';
import type { SocketAddresses } from './byte-streams.ts';

/** Whether a socket is secured from the beginning, or when `startTls` is called. WinterTC's `off` needs no TLS. */
export type SecureTransport = 'on' | 'starttls';

/** What `opened` tells. */
export interface SocketInfo extends SocketAddresses {
  /** The protocol that ALPN chose. */
  readonly alpn: string | undefined;
  /** How the connection is secured; `undefined` where it is not. */
  readonly security: ConnectionInfo | undefined;
}

/** How `startTls` secures a socket. */
export interface StartTlsOptions {
  /** The name or IP address that the peer must prove. Default: the `hostname` that was connected to. */
  readonly expectedServerHostname?: string | undefined;
}

/**
 * A socket in the shape of WinterTC's Sockets API.
 *
 * A failure is a `TlsError`. It rejects `opened` if there was no connection yet, and `closed` in any case; reads reject with it behind what was
 * received before it, and writes at once.
 */
export interface Socket {
  /** What the peer sends. It is a byte stream, and ends with the peer's close_notify; without one it fails with `ERR_TLS_TRUNCATED`. */
  readonly readable: ReadableStream<Uint8Array>;
  /** Takes bytes. Closing it says goodbye to the peer (close_notify, RFC 8446 §6.1), and aborting it cuts the connection. */
  readonly writable: WritableStream<Uint8Array>;
  /** Resolves when the connection can be used, and tells how it is secured. */
  readonly opened: Promise<SocketInfo>;
  /** Resolves when the connection has ended in order, on both sides or by `close()`. */
  readonly closed: Promise<void>;
  /** True once `startTls` has taken the connection over. */
  readonly upgraded: boolean;
  readonly secureTransport: SecureTransport;
  /** Sends what is being written, says goodbye and closes the connection. What comes is not read any more. It may be called twice. */
  close(): Promise<void>;
  /**
   * Secures a connection that was in the clear until now, e.g. behind STARTTLS. This socket is not to be used any more.
   * @throws TypeError unless `secureTransport` is `starttls`, on a second call, and where a reader or writer of this socket is not released
   * @throws TlsError `ERR_TLS_CONFIG` on a name that cannot be verified
   */
  startTls(options?: StartTlsOptions): Socket;
}

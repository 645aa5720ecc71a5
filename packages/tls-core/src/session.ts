/** A resumable session. Its content belongs to the backend that made it. */
export interface TlsSession {
  readonly backend: string;
  readonly protocol: 'TLSv1.2' | 'TLSv1.3';
  readonly serverName: string;
  /** When it was received and until when it can be used, in milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly expiresAt: number;
  /** Bytes of early data the server takes with it (RFC 8446 §4.2.10); 0: none. */
  readonly maxEarlyData: number;
  /** Opaque, secret bytes: who holds them can resume the session. */
  readonly state: Uint8Array;
}

/**
 * Bytes of a session's state that a client keeps at most: the server's ticket and certificates are in it, and a few hundred bytes on the
 * wire must not cost it hundreds of kilobytes. A chain of large (post-quantum) certificates fits; what is longer is not kept.
 */
export const maxSessionState = 2 ** 15;

/** Sessions that a client keeps of one connection at most, unless it asks for more: a server that sends more wastes its time. */
export const maxSessionsPerConnection = 16;

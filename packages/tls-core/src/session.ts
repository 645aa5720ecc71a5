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

import type { Server as HttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';

export interface Identity {
  readonly certificateChain: string;
  readonly privateKey: string;
  readonly trust: string;
}

/** One way to have HTTP over TLS in a program. */
export interface Subject {
  readonly name: string;
  /** What listens. Its `connection` event gives TCP connections. */
  readonly listener: Server;
  /** What speaks HTTP on it; it may be the listener itself. */
  readonly http: HttpServer;
  /** Does a client's handshake over a TCP connection. */
  readonly secure: (transport: Socket) => Socket;
}

/** How long a peer that does nothing is waited for, in milliseconds. Each stall waits for it, and no handshake of a busy machine should need it. */
export const patience = 500;

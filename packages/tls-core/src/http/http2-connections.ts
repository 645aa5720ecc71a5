import {
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerOptions,
} from 'node:http2';
import type { TlsSocket } from '../node/tls-socket.ts';
import { showSecurity } from './show-security.ts';

/** The HTTP/2 connections of a server, which another one accepts. */
export class Http2Connections {
  /** Node's server, which does not listen itself. */
  readonly server: Http2Server;
  readonly #idleTimeout: number;
  /** The sessions and how many requests each has under way. */
  readonly #sessions = new Map<ServerHttp2Session, number>();

  /** @param idleTimeout milliseconds without a frame until a session is ended; 0 means never */
  constructor(
    options: ServerOptions,
    idleTimeout: number,
    onRequest: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
  ) {
    this.server = createServer(options, onRequest);
    this.#idleTimeout = idleTimeout;
  }

  serve(socket: TlsSocket): void {
    const onSession = (session: ServerHttp2Session): void => {
      showSecurity(session, socket);
      this.#keep(session);
    };
    // node:http2 makes the session, and says so, before `emit` returns
    this.server.prependOnceListener('session', onSession);
    this.server.emit('connection', socket);
    this.server.removeListener('session', onSession);
  }

  /** Lets each session end once its requests are done; it takes no new ones (GOAWAY, RFC 9113 §6.8). */
  close(): void {
    for (const session of this.#sessions.keys()) session.close();
  }

  /** Ends the sessions that have no request. */
  closeIdle(): void {
    for (const [session, requests] of this.#sessions) if (requests === 0) session.close();
  }

  #keep(session: ServerHttp2Session): void {
    this.#sessions.set(session, 0);
    session.once('close', () => this.#sessions.delete(session));
    session.on('stream', (stream) => {
      this.#count(session, 1);
      stream.once('close', () => this.#count(session, -1));
    });
    if (this.#idleTimeout > 0) this.#endWhenIdle(session);
  }

  /** Lets the requests under way end when the session was idle once, and nobody waits for them when it was twice. */
  #endWhenIdle(session: ServerHttp2Session): void {
    session.setTimeout(this.#idleTimeout, () => {
      if (session.closed) {
        session.destroy();
        return;
      }
      session.close();
      if (!session.destroyed) this.#endWhenIdle(session);
    });
  }

  #count(session: ServerHttp2Session, change: number): void {
    const requests = this.#sessions.get(session);
    if (requests !== undefined) this.#sessions.set(session, requests + change);
  }
}

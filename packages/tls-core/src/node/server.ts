import { Server, type ServerOpts, type Socket } from 'node:net';
import type { TlsServerContext } from '../engine.ts';
import { serverContext, type ServerTls } from '../config/contexts.ts';
import { optionNames, ownOptions, frozenCopy } from '../own-options.ts';
import { Acceptor, checkAcceptOptions, disposeServer, type AcceptOptions } from './acceptor.ts';
import type { TlsSocket } from './tls-socket.ts';

export interface ServerOptions extends Pick<ServerOpts, 'keepAlive' | 'keepAliveInitialDelay'>, AcceptOptions {
  /** A context, or a configuration and the backend to use it with. */
  readonly tls: ServerTls;
}

const known = optionNames<ServerOptions>({
  tls: true,
  handshakeTimeout: true,
  allowHalfOpen: true,
  keepAlive: true,
  keepAliveInitialDelay: true,
  highWaterMark: true,
  noDelay: true,
  pauseOnConnect: true,
});

/**
 * Makes a TLS server, which does not listen yet.
 * @param listener is called with each connection whose handshake is done
 * @throws TypeError on an unknown option
 * @throws TlsError what choosing the backend and making the context can throw
 */
export async function createServer(options: ServerOptions, listener?: (socket: TlsSocket) => void): Promise<TlsServer> {
  const { tls, ...rest } = ownOptions(options, known);
  const server = new TlsServer(await serverContext(tls), rest);
  if (listener !== undefined) server.on('secureConnection', listener);
  return server;
}

/**
 * A net.Server whose connections do a handshake first. Events besides a net.Server's:
 * - `secureConnection` (TlsSocket)
 * - `tlsClientError` (TlsError, TlsSocket): a handshake failed. The socket is destroyed, and the server goes on. Where the backend
 *   refused to begin one, the second argument is the net.Socket
 * - `connectionError` (Error, TlsSocket): a connection failed after its handshake, and nobody listens to its `error`. What a peer does
 *   must be no uncaught exception
 * - `tlsWarning` (TlsError, TlsSocket): the socket emitted a `tlsWarning`
 * - `keylog` (Buffer, TlsSocket)
 *
 * `close()` takes no more connections and waits for those that are open. It waits for those in a handshake too, which the handshake
 * timeout bounds. `closeAllConnections()` does not wait.
 */
export class TlsServer extends Server {
  readonly #acceptor: Acceptor;

  constructor(context: TlsServerContext, options: Omit<ServerOptions, 'tls'>) {
    const { keepAlive, keepAliveInitialDelay, ...accepting } = frozenCopy(options);
    checkAcceptOptions(accepting);
    // the TCP connection stays half-open, because TLS says what the end of the peer means
    super(frozenCopy({ keepAlive, keepAliveInitialDelay, allowHalfOpen: true, noDelay: accepting.noDelay ?? true }));
    this.#acceptor = new Acceptor(this, context, accepting);
    this.on('connection', (transport: Socket) => this.#acceptor.accept(transport));
  }

  /** Uses another configuration for connections that come from now on, e.g. a renewed certificate. */
  async setContext(tls: ServerTls): Promise<void> {
    this.#acceptor.context = await serverContext(tls);
  }

  /** Destroys every connection, whatever it is doing. */
  closeAllConnections(): void {
    this.#acceptor.destroyAll();
  }

  /** Stops listening and destroys every connection. */
  override [Symbol.asyncDispose](): Promise<void> {
    return disposeServer(this);
  }
}

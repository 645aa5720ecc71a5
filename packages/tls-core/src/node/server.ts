import { Server, type ServerOpts, type Socket } from 'node:net';
import type { TlsServerContext } from '../engine.ts';
import { serverContext, type ServerTls } from '../config/contexts.ts';
import type { TlsErrorCode } from '../error-code.ts';
import { optionNames, ownOptions, withoutPrototype } from '../own-options.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import { secure, type SecureServerOptions } from './secure.ts';
import { checkFlag, checkOptionalFlag, checkSize, checkTimeout } from './socket-options.ts';
import type { TlsSocket } from './tls-socket.ts';

export interface ServerOptions extends Pick<ServerOpts, 'keepAlive' | 'keepAliveInitialDelay'>, SocketOptions {
  /** A context, or a configuration and the backend to use it with. */
  readonly tls: ServerTls;
}

/** What holds of each connection. */
interface SocketOptions extends Pick<
  SecureServerOptions,
  'handshakeTimeout' | 'allowHalfOpen' | 'highWaterMark' | 'noDelay'
> {
  /** Gives out sockets that wait for `resume()`, e.g. until another process has them. Default: false. */
  readonly pauseOnConnect?: boolean | undefined;
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
  #context: TlsServerContext;
  readonly #connections = new Set<TlsSocket>();
  /** The TCP connections below, which may outlive their sockets for the moment that a last alert takes. */
  readonly #transports = new Set<Socket>();

  constructor(context: TlsServerContext, options: Omit<ServerOptions, 'tls'>) {
    const {
      handshakeTimeout,
      allowHalfOpen,
      highWaterMark,
      noDelay = true,
      pauseOnConnect,
      ...net
    } = withoutPrototype(options);
    checkTimeout('handshakeTimeout', handshakeTimeout);
    checkSize('highWaterMark', highWaterMark);
    checkFlag('noDelay', noDelay);
    checkOptionalFlag('pauseOnConnect', pauseOnConnect);
    // the TCP connection stays half-open, because TLS says what the end of the peer means
    super({ ...net, allowHalfOpen: true, noDelay });
    this.#context = context;
    const accepting = { handshakeTimeout, allowHalfOpen, highWaterMark, noDelay, pauseOnConnect };
    this.on('connection', (transport: Socket) => this.#accept(transport, accepting));
  }

  /** Uses another configuration for connections that come from now on, e.g. a renewed certificate. */
  async setContext(tls: ServerTls): Promise<void> {
    this.#context = await serverContext(tls);
  }

  /** Destroys every connection, whatever it is doing. */
  closeAllConnections(): void {
    for (const socket of this.#connections) socket.destroy();
    for (const transport of this.#transports) transport.destroy();
  }

  /** Stops listening and destroys every connection. */
  override async [Symbol.asyncDispose](): Promise<void> {
    if (!this.listening) return;
    const closed = new Promise<void>((resolve) => {
      this.close(() => resolve());
    });
    this.closeAllConnections();
    await closed;
  }

  #accept(transport: Socket, { pauseOnConnect, ...options }: SocketOptions): void {
    this.#transports.add(transport);
    transport.once('close', () => this.#transports.delete(transport));
    const socket = this.#secure(transport, options);
    if (socket === undefined) return;
    this.#connections.add(socket);
    socket.once('close', () => this.#connections.delete(socket));
    socket.on('keylog', (line: Buffer) => this.emit('keylog', line, socket));
    socket.on('tlsWarning', (warning: TlsError) => this.emit('tlsWarning', warning, socket));
    let isGivenOut = false;
    socket.on('error', (error: Error) => {
      if (!isGivenOut) this.emit('tlsClientError', asTlsError(error, 'ERR_TLS_TRANSPORT'), socket);
      else if (socket.listenerCount('error') === 1) this.emit('connectionError', error, socket);
    });
    socket.once('secure', () => {
      isGivenOut = true;
      if (pauseOnConnect === true) socket.pause();
      this.emit('secureConnection', socket);
    });
  }

  /** Begins a handshake; gives `undefined` when the backend cannot begin one, which is told as a handshake that failed. */
  #secure(transport: Socket, options: Omit<SocketOptions, 'pauseOnConnect'>): TlsSocket | undefined {
    try {
      return secure(transport, { context: this.#context, server: this, ...options });
    } catch (error) {
      transport.on('error', () => undefined).destroy();
      this.emit('tlsClientError', asTlsError(error, 'ERR_TLS_BACKEND'), transport);
      return undefined;
    }
  }
}

function asTlsError(error: unknown, code: TlsErrorCode): TlsError {
  if (isTlsError(error)) return error;
  return new TlsError(code, error instanceof Error ? error.message : String(error), { cause: error });
}

import type { Socket } from 'node:net';
import type { TlsErrorCode } from '../error-code.ts';
import type { TlsServerContext } from '../engine.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import { secure, type SecureServerOptions } from './secure.ts';
import { checkOptionalFlag, checkSize, checkTimeout } from '../socket-options.ts';
import type { TlsSocket } from './tls-socket.ts';

/** What holds of each connection of a server. */
export interface AcceptOptions extends Pick<
  SecureServerOptions,
  'handshakeTimeout' | 'allowHalfOpen' | 'highWaterMark' | 'noDelay'
> {
  /** Gives out sockets that wait for `resume()`. Default: false. */
  readonly pauseOnConnect?: boolean | undefined;
}

/** The server whose connections are accepted. What happens to them is told by its events, as `TlsServer` lists them. */
export interface AcceptingServer {
  emit(event: string, ...values: unknown[]): boolean;
}

/** @throws TypeError, TlsError `ERR_TLS_CONFIG` on an option that cannot be */
export function checkAcceptOptions(options: AcceptOptions): void {
  checkTimeout('handshakeTimeout', options.handshakeTimeout);
  checkSize('highWaterMark', options.highWaterMark);
  checkOptionalFlag('noDelay', options.noDelay);
  checkOptionalFlag('pauseOnConnect', options.pauseOnConnect);
}

/** Does the handshakes of a server's connections, and owns the errors that nobody listens to. */
export class Acceptor {
  /** What connections that come from now on are secured with. */
  context: TlsServerContext;
  readonly #server: AcceptingServer;
  readonly #options: AcceptOptions;
  readonly #connections = new Set<TlsSocket>();
  /** The TCP connections below, which may outlive their sockets for the moment that a last alert takes. */
  readonly #transports = new Set<Socket>();

  /** @param options have been checked */
  constructor(server: AcceptingServer, context: TlsServerContext, options: AcceptOptions) {
    this.#server = server;
    this.context = context;
    this.#options = options;
  }

  accept(transport: Socket): void {
    this.#transports.add(transport);
    transport.once('close', () => this.#transports.delete(transport));
    const socket = this.#secure(transport);
    if (socket === undefined) return;
    this.#connections.add(socket);
    socket.once('close', () => this.#connections.delete(socket));
    socket.on('keylog', (line: Buffer) => this.#server.emit('keylog', line, socket));
    socket.on('tlsWarning', (warning: TlsError) => this.#server.emit('tlsWarning', warning, socket));
    let isGivenOut = false;
    socket.on('error', (error: Error) => {
      if (!isGivenOut) this.#server.emit('tlsClientError', asTlsError(error, 'ERR_TLS_TRANSPORT'), socket);
      else if (socket.listenerCount('error') === 1) this.#server.emit('connectionError', error, socket);
    });
    socket.once('secure', () => {
      isGivenOut = true;
      if (this.#options.pauseOnConnect === true) socket.pause();
      this.#server.emit('secureConnection', socket);
    });
  }

  /** Destroys every connection, whatever it is doing. */
  destroyAll(): void {
    for (const socket of this.#connections) socket.destroy();
    for (const transport of this.#transports) transport.destroy();
  }

  /** Begins a handshake; gives `undefined` when the backend cannot begin one, which is told as a handshake that failed. */
  #secure(transport: Socket): TlsSocket | undefined {
    const { pauseOnConnect: _, ...options } = this.#options;
    try {
      return secure(transport, { context: this.context, server: this.#server, ...options });
    } catch (error) {
      transport.on('error', () => undefined).destroy();
      this.#server.emit('tlsClientError', asTlsError(error, 'ERR_TLS_BACKEND'), transport);
      return undefined;
    }
  }
}

function asTlsError(error: unknown, code: TlsErrorCode): TlsError {
  if (isTlsError(error)) return error;
  return new TlsError(code, error instanceof Error ? error.message : String(error), { cause: error });
}

/** A server that can be told to end. */
interface EndingServer {
  readonly listening: boolean;
  close(callback: () => void): unknown;
  closeAllConnections(): void;
}

/** Has a server listen no more, destroys every connection, and waits until it is closed. */
export async function disposeServer(server: EndingServer): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(resolve);
  });
  server.closeAllConnections();
  await closed;
}

import { Server, type IncomingMessage, type ServerOptions as Http1Options, type ServerResponse } from 'node:http';
import type { Http2Server, Http2ServerRequest, Http2ServerResponse, ServerOptions as Http2Options } from 'node:http2';
import type { Socket } from 'node:net';
import { serverContext, type ServerTls } from '../config/contexts.ts';
import type { TlsServerContext } from '../engine.ts';
import { Acceptor, checkAcceptOptions, disposeServer, type AcceptOptions } from '../node/acceptor.ts';
import { checkTimeout } from '../socket-options.ts';
import type { TlsSocket } from '../node/tls-socket.ts';
import { optionNames, ownOptions, propertyOf, frozenCopy } from '../own-options.ts';
import { Http2Connections } from './http2-connections.ts';

export interface HttpsServerOptions extends Pick<AcceptOptions, 'handshakeTimeout' | 'noDelay'> {
  /** A context, or a configuration and the backend to use it with. A configuration without `alpnProtocols` gets those that are served. */
  readonly tls: ServerTls;
  /** Node's options of HTTP/1.1: `headersTimeout`, `requestTimeout`, `keepAliveTimeout`, … */
  readonly http1?: Http1Options | undefined;
  /** Node's options of HTTP/2, or false where it is not spoken. Default: it is, with Node's own defaults. */
  readonly http2?: Http2Options | false | undefined;
  /**
   * Milliseconds without a frame in either direction after which an HTTP/2 connection takes no more requests, and after as many again is
   * destroyed. 0 means never. Default: 60,000.
   */
  readonly http2IdleTimeout?: number | undefined;
}

/** A request of either version. Its `socket` tells how the connection is secured, as a `tls.TLSSocket` does. */
export type HttpsRequest = IncomingMessage | Http2ServerRequest;
export type HttpsResponse = ServerResponse | Http2ServerResponse;

const known = optionNames<HttpsServerOptions>({
  tls: true,
  http1: true,
  http2: true,
  http2IdleTimeout: true,
  handshakeTimeout: true,
  noDelay: true,
});

const defaultHttp2IdleTimeout = 60_000;

/**
 * Makes an HTTPS server, which does not listen yet. It speaks HTTP/2 and HTTP/1.1, as ALPN chooses.
 * @param listener is called with each request of either version
 * @throws TypeError on an unknown option
 * @throws TlsError what choosing the backend and making the context can throw
 */
export async function createHttpsServer(
  given: HttpsServerOptions,
  listener?: (request: HttpsRequest, response: HttpsResponse) => void,
): Promise<HttpsServer> {
  const { tls, ...options } = ownOptions(given, known);
  const server = new HttpsServer(await serverContext(withProtocols(tls, options.http2 !== false)), options);
  if (listener !== undefined) server.on('request', listener);
  return server;
}

/**
 * Node's http.Server with TLS below it and HTTP/2 beside it. Its time-outs, limits and events hold for HTTP/1.1, so that what is written for
 * an http.Server (`upgrade`, `clientError`, …) works; `request` is for both versions, and what else HTTP/2 tells is told by `http2`.
 *
 * It has the events of a `TlsServer` too: `secureConnection`, `tlsClientError`, `connectionError`, `tlsWarning` and `keylog`.
 */
export class HttpsServer extends Server {
  readonly #acceptor: Acceptor;
  readonly #http2: Http2Connections | undefined;

  constructor(context: TlsServerContext, options: Omit<HttpsServerOptions, 'tls'>) {
    const { http1 = {}, http2 = {}, http2IdleTimeout = defaultHttp2IdleTimeout, ...accepting } = options;
    checkAcceptOptions(accepting);
    checkTimeout('http2IdleTimeout', http2IdleTimeout);
    super({ ...http1, noDelay: accepting.noDelay ?? true });
    this.#acceptor = new Acceptor(this, context, frozenCopy(accepting));
    const onRequest = (...exchange: readonly [Http2ServerRequest, Http2ServerResponse]): void =>
      void this.emit('request', ...exchange);
    this.#http2 = http2 === false ? undefined : new Http2Connections(http2, http2IdleTimeout, onRequest);
    // what Node does with a connection is done with a secured one
    const serveHttp1 = this.listeners('connection');
    this.removeAllListeners('connection');
    this.on('connection', (transport: Socket) => this.#acceptor.accept(transport));
    this.on('secureConnection', (socket: TlsSocket) => {
      if (this.#http2 !== undefined && socket.alpnProtocol === 'h2') this.#http2.serve(socket);
      else for (const serve of serveHttp1) Reflect.apply(serve, this, [socket]);
    });
  }

  /** Node's server of the HTTP/2 connections, for its events and time-outs; it does not listen. `undefined` where HTTP/2 is not spoken. */
  get http2(): Http2Server | undefined {
    return this.#http2?.server;
  }

  /** Uses another configuration for connections that come from now on, e.g. a renewed certificate. */
  async setContext(tls: ServerTls): Promise<void> {
    this.#acceptor.context = await serverContext(withProtocols(tls, this.#http2 !== undefined));
  }

  /** Takes no more connections, ends those without a request, and lets the requests under way end. */
  override close(callback?: (error?: Error) => void): this {
    this.#http2?.close();
    return super.close(callback);
  }

  /** Ends the connections that have no request, of either version. */
  override closeIdleConnections(): void {
    super.closeIdleConnections();
    this.#http2?.closeIdle();
  }

  /** Destroys every connection, whatever it is doing. */
  override closeAllConnections(): void {
    super.closeAllConnections();
    this.#acceptor.destroyAll();
  }

  /** Stops listening and destroys every connection. */
  override [Symbol.asyncDispose](): Promise<void> {
    return disposeServer(this);
  }
}

/** Adds the protocols that are served to a configuration that says none. A context has its own already. */
function withProtocols(tls: ServerTls, http2: boolean): ServerTls {
  if ((['createEngine', 'alpnProtocols'] as const).some((name) => propertyOf(tls, name) !== undefined)) return tls;
  const alpnProtocols = http2 ? ['h2', 'http/1.1'] : ['http/1.1'];
  return Object.assign(Object.create(Object.getPrototypeOf(tls) as object | null) as object, tls, { alpnProtocols });
}

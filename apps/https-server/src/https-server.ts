import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import { isIPv6, type AddressInfo } from 'node:net';
import type { ServerTls } from '@org/tls-core/config';
import { createServer, type TlsServer, type TlsSocket } from '@org/tls-core/node';
import { folderHandler, type Exchange } from './folder-handler.ts';

export interface HttpsServerOptions {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly tls: ServerTls;
  readonly http2: boolean;
  readonly listing: boolean;
  /** Takes one line per request, and one per connection that failed. */
  readonly log: (line: string) => void;
}

export interface HttpsServer {
  /** The address of the server with the port that it has, e.g. `https://localhost:8443/`. */
  readonly url: string;
  /** Takes no more connections, lets the requests under way finish within `graceMs` milliseconds, then ends them. Idempotent. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Serves a folder. Node does the HTTP, the backend of `tls` does the TLS.
 * @throws Error when the folder or the port cannot be used
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE`, `ERR_TLS_IDENTITY`, … as `createServer` does
 */
export async function startHttpsServer(options: HttpsServerOptions): Promise<HttpsServer> {
  const handler = await folderHandler(options.folder, options.listing);
  const closing = { now: false };
  const onRequest = (request: Exchange['request'], response: Exchange['response']): void => {
    // HTTP/2 has no such header (RFC 9113 §8.2.2): there the session itself says that it will end.
    if (closing.now && request.httpVersionMajor === 1) response.setHeader('connection', 'close');
    response.once('finish', () => {
      options.log(accessLine(request, response));
      // This response may have promised to keep the connection open before the server was told to close.
      if (closing.now && request.httpVersionMajor === 1) request.socket.end();
    });
    handler({ request, response });
  };
  const http1 = http.createServer(onRequest);
  const sessions = new Set<http2.ServerHttp2Session>();
  const http2Server = http2.createServer(onRequest);
  http2Server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });

  const sockets = new Set<TlsSocket>();
  const server = await createServer({ tls: withAlpn(options) }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    (socket.alpnProtocol === 'h2' ? http2Server : http1).emit('connection', socket);
  });
  server.on('tlsClientError', (error: Error) => options.log(`handshake failed: ${error.message}`));
  server.on('connectionError', (error: Error) => options.log(`connection failed: ${error.message}`));
  server.on('tlsWarning', (warning: Error) => options.log(`warning: ${warning.message}`));
  await listen(server, options);
  // This event starts the timers by which Node's HTTP server ends slow requests; it is needed, as another server's socket listens.
  http1.emit('listening');

  async function close(graceMs = 5000): Promise<void> {
    closing.now = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    http1.closeIdleConnections();
    for (const session of sessions) session.close();
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(timer);
    http1.close();
  }
  let closingOnce: Promise<void> | undefined;
  return { url: urlOf(server, options.host), close: (graceMs) => (closingOnce ??= close(graceMs)) };
}

/** Offers HTTP/2 only where it is wanted (RFC 9113 §3.2). A context has its own protocols already. */
function withAlpn({ tls, http2: allowH2 }: HttpsServerOptions): ServerTls {
  if ('createEngine' in tls) return tls;
  return { ...tls, alpnProtocols: allowH2 ? ['h2', 'http/1.1'] : ['http/1.1'] };
}

async function listen(server: TlsServer, { host, port }: HttpsServerOptions): Promise<void> {
  server.listen({ host, port });
  await once(server, 'listening');
}

function urlOf(server: TlsServer, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `https://${isIPv6(host) ? `[${host}]` : host}:${port}/`;
}

function accessLine(request: Exchange['request'], response: Exchange['response']): string {
  const { remoteAddress, info } = request.socket as unknown as TlsSocket;
  const path = JSON.stringify(`${request.method ?? ''} ${request.url ?? ''}`);
  return [remoteAddress, path, response.statusCode, `HTTP/${request.httpVersion}`, info?.protocol, info?.backend].join(
    ' ',
  );
}

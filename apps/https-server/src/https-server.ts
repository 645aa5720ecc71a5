import { once } from 'node:events';
import { isIPv6, type AddressInfo } from 'node:net';
import type { ServerTls } from '@org/tls-core/config';
import { createHttpsServer, type HttpsServer as Server } from '@org/tls-core/http';
import type { TlsSocket } from '@org/tls-core/node';
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
    // node:http2 forgets the connection of a request that is done
    const { remoteAddress, info } = request.socket as TlsSocket;
    response.once('finish', () => {
      options.log(accessLine({ remoteAddress, info }, request, response));
      // This response may have promised to keep the connection open before the server was told to close.
      if (closing.now && request.httpVersionMajor === 1) request.socket.end();
    });
    handler({ request, response });
  };
  const server = await createHttpsServer({ tls: options.tls, http2: options.http2 ? {} : false }, onRequest);
  server.on('tlsClientError', (error: Error) => options.log(`handshake failed: ${error.message}`));
  server.on('connectionError', (error: Error) => options.log(`connection failed: ${error.message}`));
  server.on('tlsWarning', (warning: Error) => options.log(`warning: ${warning.message}`));
  await listen(server, options);

  async function close(graceMs = 5000): Promise<void> {
    closing.now = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  }
  let closingOnce: Promise<void> | undefined;
  return { url: urlOf(server, options.host), close: (graceMs) => (closingOnce ??= close(graceMs)) };
}

async function listen(server: Server, { host, port }: HttpsServerOptions): Promise<void> {
  server.listen({ host, port });
  await once(server, 'listening');
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `https://${isIPv6(host) ? `[${host}]` : host}:${port}/`;
}

function accessLine(
  { remoteAddress, info }: Pick<TlsSocket, 'remoteAddress' | 'info'>,
  request: Exchange['request'],
  response: Exchange['response'],
): string {
  const path = JSON.stringify(`${request.method ?? ''} ${request.url ?? ''}`);
  const words = [
    remoteAddress,
    path,
    response.statusCode,
    `HTTP/${request.httpVersion}`,
    info?.protocol,
    info?.backend,
  ];
  return words.join(' ');
}

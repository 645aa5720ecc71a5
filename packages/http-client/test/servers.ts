import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { mkdtemp, rm } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { TestCertificate } from '@org/pki';

/** A server of Node's own, on a port of its own. */
export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** Connections that were accepted so far. */
  readonly connections: () => number;
  /** Tells the secrets of its connections, where it is a server of node:tls. */
  readonly onKeyLog: (listener: (line: Buffer) => void) => void;
  /** Waits until those that were accepted have closed. */
  readonly allClosed: () => Promise<void>;
}

const loopback = { host: '127.0.0.1', port: 0 };

type Listening = net.Server & { closeAllConnections?: () => void };

/** Starts a server and tears all of its connections down when disposed of. */
export async function listen(server: Listening, where: net.ListenOptions = loopback): Promise<TestServer> {
  const sockets = new Set<net.Socket>();
  let accepted = 0;
  server.on('connection', (socket: net.Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.listen(where);
  await once(server, 'listening');
  const { port = 0 } = server.address() as Partial<AddressInfo>;
  return {
    port,
    origin: `https://localhost:${port}`,
    connections: () => accepted,
    onKeyLog: (listener) => void server.on('keylog', listener),
    allClosed: async () => {
      for (const socket of sockets) await once(socket, 'close');
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** An HTTPS server with the answers that the tests ask for, by path. */
export function startHttps(identity: TestCertificate, where?: net.ListenOptions): Promise<TestServer> {
  const options = { cert: identity.chainPem, key: identity.privateKeyPem };
  return listen(
    https.createServer(options, (request, response) => {
      const { socket } = request;
      const cut = (text: string): void => void socket.write(text.replaceAll('\n', '\r\n'), () => socket.destroy());
      switch (request.url) {
        case '/body-by-length-then-cut':
          return cut('HTTP/1.1 200 OK\nContent-Length: 5\nConnection: close\n\nhello');
        case '/body-shorter-than-its-length':
          return cut('HTTP/1.1 200 OK\nContent-Length: 50\n\nhello');
        case '/body-until-close-cut':
          return cut('HTTP/1.1 200 OK\nConnection: close\n\nhello');
        case '/body-until-close':
          return void socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello');
        case '/chunked-cut':
          return cut('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n');
        case '/cut-before-headers':
          return void socket.destroy();
        case '/endless':
          return void response.write('hello');
        case '/silent':
          return undefined;
        case '/redirect':
          return void response.writeHead(302, { location: '/' }).end();
        case '/redirect-to-http':
          return void response.writeHead(302, { location: `http://localhost:${socket.localPort}/` }).end();
        case '/seen':
          return void text(request).then((body) => {
            const { method, headers } = request;
            response.end(JSON.stringify({ method, headers, body }));
          });
        case '/echo':
          return void request.pipe(response);
        default:
          return void response.end('hello');
      }
    }),
    where,
  );
}

/** A server of HTTP without TLS. */
export function startPlainHttp(where?: net.ListenOptions): Promise<TestServer> {
  return listen(
    http.createServer((_request, response) => void response.end('plain')),
    where,
  );
}

/** An HTTPS server that asks for a certificate and tells whose it got. */
export function startAskingHttps(identity: TestCertificate, ca: string): Promise<TestServer> {
  const options = { cert: identity.chainPem, key: identity.privateKeyPem, ca, requestCert: true };
  return listen(
    https.createServer({ ...options, rejectUnauthorized: false }, ({ socket }, response) => {
      const { subjectaltname = 'nobody' } = (socket as TLSSocket).getPeerCertificate();
      response.end(subjectaltname.replace('DNS:', ''));
    }),
  );
}

/** A folder that is removed when it is disposed of. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'http-client-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** A server that prefers HTTP/2 and falls back to HTTP/1.1. */
export function startHttp2(identity: TestCertificate): Promise<TestServer> {
  const options = { cert: identity.chainPem, key: identity.privateKeyPem, allowHTTP1: true };
  return listen(
    http2.createSecureServer(options, (request, response) => void response.end(`hello over ${request.httpVersion}`)),
  );
}

/** A TCP server that takes connections and never says a word. */
export function startSilent(onConnection: (socket: net.Socket) => void = () => undefined): Promise<TestServer> {
  return listen(net.createServer((socket) => void socket.resume()).on('connection', onConnection));
}

/** A TCP server that answers the ClientHello with plain text. */
export function startPlainText(): Promise<TestServer> {
  return listen(net.createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')));
}

/** A TCP server that hangs up on the ClientHello. */
export function startHangingUp(): Promise<TestServer> {
  return listen(net.createServer((socket) => void socket.once('data', () => socket.end())));
}

import { once } from 'node:events';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { TestCertificate } from '@org/pki';

type WebIdentity = Pick<TestCertificate, 'chainPem' | 'privateKeyPem'>;

export interface TestServer extends AsyncDisposable {
  readonly port: number;
}

async function listen(server: net.Server): Promise<TestServer> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Answers HTTP/1.1 and HTTP/2 with what it was asked, as JSON. */
export function startWeb(identity: WebIdentity): Promise<TestServer> {
  const options = { cert: identity.chainPem, key: identity.privateKeyPem, allowHTTP1: true };
  return listen(
    http2.createSecureServer(options, (request, response) => {
      switch (request.url) {
        case '/missing':
          response.writeHead(404).end('not here\n');
          break;
        case '/moved':
          response.writeHead(302, { location: '/' }).end();
          break;
        case '/bytes':
          response.end(Buffer.from([0xff, 0x00, 0xfe]));
          break;
        case '/silent':
          break;
        default:
          tellBack(request, response);
      }
    }),
  );
}

function tellBack(request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void {
  const { method, httpVersion, headers } = request;
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () => {
    response.setHeader('x-evil', 'red\u009b31m');
    response.end(JSON.stringify({ method, httpVersion, note: headers['x-note'], body }));
  });
}

/** Sends back what it gets, until it gets no more. */
export function startEcho(identity: TestCertificate): Promise<TestServer> {
  const options = { cert: identity.chainPem, key: identity.privateKeyPem, allowHalfOpen: true };
  return listen(tls.createServer(options, (socket) => void socket.pipe(socket)));
}

export function startPlainText(): Promise<TestServer> {
  return listen(net.createServer((socket) => void socket.end('220 mail.test ready\r\n')));
}

import type {
  ClientHttp2Session,
  Http2SecureServer,
  Http2ServerRequest,
  Http2ServerResponse,
  SecureClientSessionOptions,
  SecureServerOptions,
} from 'node:http2';
import type { Server, Socket } from 'node:net';
import type { TlsBackend } from '@org/tls-core';
import { isIpAddress } from '@org/tls-core/backend';
import { builtin } from './builtin.ts';
import { serverOverTls } from './server/over-tls.ts';
import type { TlsOptions } from './server/server-options.ts';
import { connect as connectTls, type ConnectOptions } from './socket/connect.ts';
import { forHttp2 } from './socket/stream-socket.ts';
import type { TLSSocket } from './socket/tls-socket.ts';

// constants, settings and whatever else has no TLS in it
export * from 'node:http2';
// oxlint-disable-next-line import/no-default-export, import/no-self-import -- the default of Node’s module is the module, types and all
export * as default from './http2.ts';

/** Says which backend the connections use. */
interface OverBackend {
  readonly backend?: TlsBackend | undefined;
}

type OnRequest = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** Node has no name for this class, and any such server leads to it. */
const NodeHttp2SecureServer: unknown = builtin.http2.createSecureServer({ ciphers: 'DEFAULT' }).constructor;

const SecureServer = serverOverTls(NodeHttp2SecureServer as never, protocolsOf, wrapSessions) as unknown as new (
  options: SecureServerOptions & OverBackend,
  listener?: OnRequest,
) => Http2SecureServer;

/** Makes a server of HTTP/2, and of HTTP/1 too with `allowHTTP1`, which does not listen yet. */
export function createSecureServer(
  options?: (SecureServerOptions & OverBackend) | OnRequest,
  listener?: OnRequest,
): Http2SecureServer {
  return typeof options === 'function' ? new SecureServer({}, options) : new SecureServer(options ?? {}, listener);
}

type OnSession = (session: ClientHttp2Session, socket: Socket) => void;

/** Makes a session of HTTP/2. It takes what Node's function takes, and `http:` goes without TLS as there. */
export function connect(
  authority: string | URL,
  options?: (SecureClientSessionOptions & OverBackend) | OnSession,
  listener?: OnSession,
): ClientHttp2Session {
  const onSession = typeof options === 'function' ? options : listener;
  const given: SecureClientSessionOptions & OverBackend = typeof options === 'object' ? options : {};
  const url = typeof authority === 'string' ? new URL(authority) : authority;
  const protocol = url.protocol || given.protocol || 'https:';
  if (protocol !== 'https:' || given.createConnection !== undefined)
    return builtin.http2.connect(url, given, onSession);
  return builtin.http2.connect(url, { ...given, createConnection: () => dial(url, given) }, onSession);
}

function dial({ hostname, host, port }: URL, options: SecureClientSessionOptions & OverBackend): Socket {
  const target = (hostname || host || 'localhost').replace(/^\[(.*)\]$/, '$1');
  const servername = isIpAddress(target) ? {} : { servername: target };
  const socket = connectTls({
    host: target,
    port: port ? Number(port) : 443,
    ...servername,
    ...(options as ConnectOptions),
    ALPNProtocols: ['h2'],
  });
  return forHttp2(socket);
}

/** Has a server's sessions of HTTP/2 know that their sockets are encrypted. HTTP/1 takes the sockets as they are. */
function wrapSessions(server: Server): void {
  const listeners = server.listeners('secureConnection') as ((socket: Socket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    const taken = socket.alpnProtocol === 'h2' ? forHttp2(socket) : (socket as unknown as Socket);
    for (const listener of listeners) Reflect.apply(listener, server, [taken]);
  });
}

/** What a server offers by ALPN. */
function protocolsOf(options: TlsOptions): readonly string[] {
  const { allowHTTP1 } = options as SecureServerOptions;
  return allowHTTP1 === true ? ['h2', 'http/1.1'] : ['h2'];
}

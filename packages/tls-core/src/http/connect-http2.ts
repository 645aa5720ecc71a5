import { connect as connectSession, type ClientHttp2Session, type ClientSessionOptions } from 'node:http2';
import { connect, type ConnectOptions } from '../node/connect.ts';
import { splitOptions } from '../own-options.ts';
import { TlsError } from '../tls-error.ts';
import { showSecurity } from './show-security.ts';

/** How an HTTP/2 connection is made: all that `connect` takes but the protocols, and Node's options of the session. */
export interface ConnectHttp2Options extends Omit<ConnectOptions, 'alpnProtocols' | 'onread'> {
  readonly http2?: Omit<ClientSessionOptions, 'createConnection' | 'protocol'> | undefined;
}

/**
 * Makes an HTTP/2 connection. `session.socket` tells how it is secured, as a `tls.TLSSocket` does.
 * @throws TlsError what `connect` throws, and `ERR_TLS_NO_APPLICATION_PROTOCOL` when the server does not speak HTTP/2
 */
export async function connectHttp2(given: ConnectHttp2Options): Promise<ClientHttp2Session> {
  const { taken, rest } = splitOptions<ConnectHttp2Options, 'http2'>(given, ['http2']);
  const socket = await connect({ ...(rest as ConnectOptions), alpnProtocols: ['h2'] });
  if (socket.alpnProtocol !== 'h2') {
    socket.destroy();
    throw new TlsError(
      'ERR_TLS_NO_APPLICATION_PROTOCOL',
      'the server chose no protocol, and HTTP/2 has to be chosen (RFC 9113 §3.2)',
    );
  }
  const { host, port } = rest;
  const authority = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const options = (taken as Pick<ConnectHttp2Options, 'http2'>).http2;
  const session = connectSession(authority, { ...options, createConnection: () => socket });
  showSecurity(session, socket);
  return session;
}

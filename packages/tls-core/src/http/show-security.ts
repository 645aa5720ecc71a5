import type { Http2Session } from 'node:http2';
import type { TlsSocket } from '../node/tls-socket.ts';

/** What an HTTP/2 session's socket is asked about its connection. */
const shown = [
  'alpnProtocol',
  'authorizationError',
  'authorized',
  'encrypted',
  'info',
  'servername',
  'exportKeyingMaterial',
  'getCipher',
  'getEphemeralKeyInfo',
  'getPeerCertificate',
  'getPeerX509Certificate',
  'getProtocol',
  'getSession',
  'isSessionReused',
  'address',
  'bytesRead',
  'bytesWritten',
  'localAddress',
  'localFamily',
  'localPort',
  'remoteAddress',
  'remoteFamily',
  'remotePort',
] as const satisfies readonly (keyof TlsSocket)[];

/**
 * Makes an HTTP/2 session over a TlsSocket tell how it is secured, as one over node:tls does: node:http2 wraps what is no socket of its own
 * into one that knows neither the peer's certificate nor addresses, and takes the session for one without TLS.
 */
export function showSecurity(session: Http2Session, socket: TlsSocket): void {
  show(session, 'encrypted', () => true);
  show(session, 'alpnProtocol', () => socket.alpnProtocol);
  const wrapper = wrapperOf(session);
  for (const name of shown) {
    show(wrapper, name, () => {
      const value: unknown = socket[name];
      return typeof value === 'function' ? (value.bind(socket) as unknown) : value;
    });
  }
}

/** The object behind `session.socket`, which is a proxy. A method of an EventEmitter that gives the emitter itself gives that object. */
function wrapperOf(session: Http2Session): object {
  const { socket } = session;
  return socket.setMaxListeners(socket.getMaxListeners());
}

function show(object: object, name: string, get: () => unknown): void {
  Object.defineProperty(object, name, { get, configurable: true, enumerable: true });
}

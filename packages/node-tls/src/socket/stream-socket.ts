import type { Socket } from 'node:net';
import { streamSocketClass } from './stream-socket-class.ts';
import type { TLSSocket } from './tls-socket.ts';

/** What a session of http2 asks its socket, and a wrapper does not know. */
const asked = [
  'alpnProtocol',
  'authorizationError',
  'authorized',
  'encrypted',
  'info',
  'localAddress',
  'localFamily',
  'localPort',
  'remoteAddress',
  'remoteFamily',
  'remotePort',
  'secureConnecting',
  'servername',
  'exportKeyingMaterial',
  'getCertificate',
  'getCipher',
  'getEphemeralKeyInfo',
  'getPeerCertificate',
  'getPeerX509Certificate',
  'getProtocol',
  'getSession',
  'getX509Certificate',
  'isSessionReused',
  'setKeepAlive',
  'setNoDelay',
] as const satisfies readonly (keyof TLSSocket)[];

/**
 * Wraps a socket for a session of http2, which then knows that it is encrypted and by which protocol. A session wraps a socket without a
 * handle itself, and asks the wrapper, which knows neither.
 */
export function forHttp2(socket: TLSSocket): Socket {
  const StreamSocket = streamSocketClass();
  if (StreamSocket === undefined) return socket;
  const wrapper = new StreamSocket(socket);
  for (const name of asked) {
    const get = (): unknown => {
      const value: unknown = socket[name];
      return typeof value === 'function' ? (value.bind(socket) as unknown) : value;
    };
    Object.defineProperty(wrapper, name, { get, configurable: true });
  }
  // a session waits for this one where its socket is no tls.TLSSocket
  socket.once('secureConnect', () => wrapper.emit('connect'));
  return wrapper;
}

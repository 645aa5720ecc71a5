import type { Socket } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import { builtin } from '../builtin.ts';
import type { TLSSocket } from './tls-socket.ts';

type StreamSocketClass = new (stream: Duplex) => Socket;

let found: StreamSocketClass | undefined;

/**
 * Node's own wrapper that gives a Duplex a handle, without which http2 takes none. Node does not export it; it shows it as what a TLS socket
 * over a stream stands on, and libraries get it from there too. `undefined` where a version of Node does not show it.
 */
export function streamSocketClass(): StreamSocketClass | undefined {
  if (found === undefined) {
    const probe = new builtin.tls.TLSSocket(new PassThrough() as never);
    const { _handle: handle } = probe as unknown as { readonly _handle?: { readonly _parentWrap?: object } | null };
    found = handle?._parentWrap?.constructor as StreamSocketClass | undefined;
    probe.on('error', () => undefined).destroy();
  }
  return found;
}

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
  if (StreamSocket === undefined) return socket as unknown as Socket;
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

import type { ClientEngineOptions, TlsClientContext, TlsServerContext } from '../engine.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { wrongType } from '../option-error.ts';
import { optionNames, ownOptions } from '../own-options.ts';
import { withoutZone } from '../server-name.ts';
import type { TlsSession } from '../session.ts';
import { checkOptionalFlag, checkSignal, checkTimeout } from '../socket-options.ts';
import { checkByteStreams, type ByteStreams } from './byte-streams.ts';
import { PlainSocket } from './plain-socket.ts';
import { SecuredSocket } from './secured-socket.ts';
import type { SecuredOptions } from './secured-streams.ts';
import type { SecureTransport, Socket } from './socket.ts';

/** Whom a connection is to. */
export interface SocketAddress {
  /** A host name or IP address, which the peer must prove. */
  readonly hostname: string;
  readonly port: number;
}

/** WinterTC's options of a socket, the connection below, and how it is secured. */
export interface SocketOptions extends SecuredOptions {
  /** The connection to the address: a pair of byte streams, or a Promise of one while it is being made. */
  readonly transport: MaybePromise<ByteStreams>;
  /** A context that some backend has made. */
  readonly tls: TlsClientContext;
  /** Default: `on`. With `starttls` the transport has to be there already. */
  readonly secureTransport?: SecureTransport | undefined;
  /** The name or IP address that the peer must prove, instead of the `hostname`. */
  readonly sni?: string | undefined;
  /** Protocols to offer by ALPN in order of preference, instead of the context's. */
  readonly alpn?: readonly string[] | undefined;
  /** A session of an earlier connection to the same server, used once. */
  readonly session?: TlsSession | undefined;
}

export interface AcceptOptions extends SecuredOptions {
  /** The connection of a client: a pair of byte streams. */
  readonly transport: MaybePromise<ByteStreams>;
  /** A context that some backend has made. */
  readonly tls: TlsServerContext;
  /** Default: `on`. With `starttls` the transport has to be there already. */
  readonly secureTransport?: SecureTransport | undefined;
}

const knownAccepting = {
  transport: true,
  tls: true,
  secureTransport: true,
  allowHalfOpen: true,
  handshakeTimeout: true,
  signal: true,
  onSession: true,
  onWarning: true,
} as const;

const knownConnecting = optionNames<SocketOptions>({ ...knownAccepting, sni: true, alpn: true, session: true });

/**
 * Secures a connection as a client, in the shape of WinterTC's Sockets API. It runs wherever WHATWG streams are.
 * @param address `{ hostname, port }`, or both as text: `example.org:443`
 * @throws TypeError on an unknown option or one of the wrong type, and on streams that are locked
 * @throws TlsError `ERR_TLS_CONFIG` on a name or a protocol that cannot be
 */
export function connect(address: SocketAddress | string, given: SocketOptions): Socket {
  const options = ownOptions(given, knownConnecting);
  const { tls, sni = hostnameOf(address), alpn, session } = options;
  const secure = (transport: MaybePromise<ByteStreams>, serverName: string): Socket => {
    const engineOptions: ClientEngineOptions = {
      serverName: withoutZone(serverName),
      ...(alpn !== undefined && { alpnProtocols: alpn }),
      ...(session !== undefined && { session }),
    };
    return new SecuredSocket(transport, (sink) => tls.createEngine(engineOptions, sink), options);
  };
  return open(options, secure, sni);
}

/**
 * Secures the connection of a client as a server, in the same shape.
 * @throws TypeError as `connect` does
 */
export function accept(given: AcceptOptions): Socket {
  const options = ownOptions(given, optionNames<AcceptOptions>(knownAccepting));
  const { tls } = options;
  return open(options, (transport) => new SecuredSocket(transport, (sink) => tls.createEngine(sink), options), '');
}

/** @param name the name that a client has its server prove, unless `startTls` is given another */
function open(
  given: SecuredOptions & Pick<SocketOptions, 'transport' | 'secureTransport'> & { readonly tls: object },
  secure: (transport: MaybePromise<ByteStreams>, serverName: string) => Socket,
  name: string,
): Socket {
  checkTimeout('handshakeTimeout', given.handshakeTimeout);
  checkOptionalFlag('allowHalfOpen', given.allowHalfOpen);
  checkSignal(given.signal);
  const { transport, secureTransport = 'on', tls } = given;
  if (typeof (tls as Partial<TlsClientContext> | undefined)?.createEngine !== 'function')
    throw wrongType('tls', 'a context, as `createClientContext` and `createServerContext` of a backend make', tls);
  if (secureTransport !== 'on' && secureTransport !== 'starttls')
    throw wrongType('secureTransport', '`on` or `starttls`', secureTransport);
  if (typeof transport !== 'object' || transport === null) throw wrongType('transport', 'a pair of streams', transport);
  const isThere = !('then' in transport);
  if (isThere) checkByteStreams(transport);
  if (secureTransport === 'on') return secure(transport, name);
  if (!isThere) throw new TypeError('transport: expected the streams themselves with `secureTransport: "starttls"`');
  return new PlainSocket(transport, (streams, { expectedServerHostname = name }) =>
    secure(streams, expectedServerHostname),
  );
}

function hostnameOf(address: SocketAddress | string): string {
  if (typeof address !== 'string') return address.hostname;
  const { hostname, port } = new URL(`tls://${address}`);
  if (port === '') throw new TypeError(`expected an address with a port, as example.org:443, got ${address}`);
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

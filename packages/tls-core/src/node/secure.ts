import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type {
  ClientEngineOptions,
  EngineSink,
  TlsClientContext,
  TlsEngine,
  TlsServerContext,
  UnusableEchConfigs,
} from '../engine.ts';
import type { SessionStore } from '../hooks.ts';
import { wrongType } from '../option-error.ts';
import { optionNames, ownOptions, frozenCopyWith } from '../own-options.ts';
import { withoutZone } from '../server-name.ts';
import type { TlsSession } from '../session.ts';
import { checkFlag } from '../socket-options.ts';
import { TlsSocket } from './tls-socket.ts';
import type { TlsStreamOptions } from './stream-options.ts';

/** What both roles have. */
interface SecureCommonOptions extends Omit<TlsStreamOptions, 'earlyData'> {
  /** Sends small writes at once, where the transport is a net.Socket (TCP_NODELAY). Default: true. */
  readonly noDelay?: boolean | undefined;
}

export interface SecureClientOptions extends SecureCommonOptions {
  readonly context: TlsClientContext;
  /** The name or IP address that the peer's certificate must prove. The zone of an IPv6 address is left out (RFC 4007 §11). */
  readonly serverName: string;
  /** Protocols to offer by ALPN in order of preference, instead of the context's. */
  readonly alpnProtocols?: readonly (string | Uint8Array)[] | undefined;
  /** A session of an earlier connection to the same server, used once. */
  readonly session?: TlsSession | undefined;
  /** Keeps the sessions of this connection, instead of the context's store. */
  readonly sessionStore?: SessionStore | undefined;
  /**
   * Bytes to send at once, as early data where `session` allows that (RFC 8446 §2.3). Anyone can replay early data, so it must change
   * nothing. Where the session does not allow it, or the server rejects it, these bytes are the first that are sent when the handshake is
   * done.
   */
  readonly earlyData?: Uint8Array | undefined;
  /** The server's ECHConfigList, e.g. from DNS (RFC 9849). */
  readonly echConfigList?: Uint8Array | undefined;
  /** What becomes of an `echConfigList` that holds nothing usable. Default: `refuse`. */
  readonly unusableEchConfigs?: UnusableEchConfigs | undefined;
}

export interface SecureServerOptions extends SecureCommonOptions {
  readonly context: TlsServerContext;
  /** What `socket.server` gives. */
  readonly server?: unknown;
}

/** The options of both roles, before it is known which one is meant. */
type SecureOptions = Partial<Record<keyof SecureClientOptions | keyof SecureServerOptions, unknown>>;

const known = optionNames<SecureOptions>({
  context: true,
  serverName: true,
  alpnProtocols: true,
  session: true,
  sessionStore: true,
  earlyData: true,
  echConfigList: true,
  unusableEchConfigs: true,
  handshakeTimeout: true,
  signal: true,
  allowHalfOpen: true,
  head: true,
  highWaterMark: true,
  noDelay: true,
  onread: true,
  server: true,
});

/**
 * TLS over any Duplex: a TCP socket, a tunnel, a connection that said STARTTLS. The handshake begins at once; the socket emits
 * `secure` (a client also `secureConnect`) or `error`.
 *
 * The transport belongs to the socket from then on, whatever was done with it before: it may be paused, corked, piped, read by
 * `readable`, have an encoding, or have got bytes back by `unshift`. Where this throws, nothing listens to the transport, and the caller
 * has to close it.
 * @throws TypeError on an unknown option, one of the wrong type, or a transport that cannot be used, because it is no Duplex, is another
 *   TlsSocket's or has text in its buffer
 * @throws TlsError `ERR_TLS_CONFIG` on a bad `serverName` or protocol
 */
export function secure(transport: Duplex, given: SecureClientOptions | SecureServerOptions): TlsSocket {
  const options = ownOptions<SecureOptions>(given, known) as SecureClientOptions | SecureServerOptions;
  const { context, noDelay = true } = options;
  if (typeof (context as Partial<TlsServerContext> | undefined)?.createEngine !== 'function')
    throw wrongType('context', 'what `clientContext()` or `serverContext()` resolves to', context);
  checkFlag('noDelay', noDelay);
  const socket = isClient(options) ? secureClient(transport, options) : secureServer(transport, options);
  if (transport instanceof Socket) transport.setNoDelay(noDelay);
  return socket;
}

function secureServer(transport: Duplex, { context, ...rest }: SecureServerOptions): TlsSocket {
  const makeEngine = (sink: EngineSink): TlsEngine => context.createEngine(sink);
  return new TlsSocket(transport, makeEngine, frozenCopyWith(rest, { role: 'server', serverName: undefined }));
}

function secureClient(transport: Duplex, options: SecureClientOptions): TlsSocket {
  const { context } = options;
  const engineOptions = clientEngineOptions(options);
  const { serverName } = engineOptions;
  const makeEngine = (sink: EngineSink): TlsEngine => context.createEngine(engineOptions, sink);
  return new TlsSocket(transport, makeEngine, frozenCopyWith(options, { role: 'client', serverName }));
}

/** The options of a socket that its engine is made with. */
export function clientEngineOptions({
  serverName,
  alpnProtocols,
  session,
  sessionStore,
  earlyData,
  echConfigList,
  unusableEchConfigs,
}: Omit<SecureClientOptions, 'context'>): ClientEngineOptions {
  return {
    serverName: typeof serverName === 'string' ? withoutZone(serverName) : serverName,
    ...(alpnProtocols !== undefined && { alpnProtocols }),
    ...(session !== undefined && { session }),
    ...(sessionStore !== undefined && { sessionStore }),
    ...(earlyData !== undefined && { earlyData: true }),
    ...(echConfigList !== undefined && { echConfigList }),
    ...(unusableEchConfigs !== undefined && { unusableEchConfigs }),
  };
}

function isClient(options: SecureClientOptions | SecureServerOptions): options is SecureClientOptions {
  return options.context.role === 'client';
}

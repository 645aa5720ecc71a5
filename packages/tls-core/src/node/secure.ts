import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type {
  ClientEngineOptions,
  EngineSink,
  TlsClientContext,
  TlsEngine,
  TlsServerContext,
  UnusableEchConfigs,
} from '../backend.ts';
import { ownOptions, withoutPrototype } from '../own-options.ts';
import { withoutZone } from '../server-name.ts';
import type { TlsSession } from '../session.ts';
import { TlsSocket } from './tls-socket.ts';

interface SecureCommonOptions {
  /** Milliseconds until `ERR_TLS_TIMEOUT`; 0: never. Default: 10,000. */
  readonly handshakeTimeout?: number | undefined;
  /** Ends the handshake with `ERR_TLS_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** Default false, as in node:net. */
  readonly allowHalfOpen?: boolean | undefined;
  /** Bytes of the peer that were read from the transport before, e.g. the `head` of an HTTP upgrade or what a look at the first bytes took. */
  readonly head?: Uint8Array | undefined;
}

export interface SecureClientOptions extends SecureCommonOptions {
  readonly context: TlsClientContext;
  /** The name or IP address that the peer's certificate must prove; the zone of an IPv6 address is left out (RFC 4007 §11). */
  readonly serverName: string;
  /** Instead of the context's. */
  readonly alpnProtocols?: readonly (string | Uint8Array)[] | undefined;
  readonly session?: TlsSession | undefined;
  /**
   * Sent at once, as early data where `session` allows it (RFC 8446 §2.3): anyone can replay it, so nothing that changes anything. Else,
   * and where the server rejects it, it is the first of what is sent when the handshake is done.
   */
  readonly earlyData?: Uint8Array | undefined;
  /** The server's ECHConfigList, e.g. from DNS (RFC 9849). */
  readonly echConfigList?: Uint8Array | undefined;
  /** What becomes of an `echConfigList` that holds nothing usable. Default: `refuse`. */
  readonly unusableEchConfigs?: UnusableEchConfigs | undefined;
}

export interface SecureServerOptions extends SecureCommonOptions {
  readonly context: TlsServerContext;
  /** What `socket.server` says. */
  readonly server?: unknown;
}

/** Of either role. */
type SecureOptions = Partial<Record<keyof SecureClientOptions | keyof SecureServerOptions, unknown>>;

const known = [
  'context',
  'serverName',
  'alpnProtocols',
  'session',
  'earlyData',
  'echConfigList',
  'unusableEchConfigs',
  'handshakeTimeout',
  'signal',
  'allowHalfOpen',
  'head',
  'server',
] as const satisfies readonly (keyof SecureOptions)[];

/**
 * TLS over any Duplex: a TCP socket, a tunnel, a connection that said STARTTLS. The handshake begins at once; the socket emits
 * `secure` (a client also `secureConnect`) or `error`.
 *
 * The transport is the socket's from here on, whatever was done with it before: paused, corked, piped, read by `readable`, given an
 * encoding, bytes put back by `unshift`. Where this throws, nothing listens to the transport and it is the caller's to close.
 * @throws TypeError on an unknown option, one of the wrong type, or a transport that cannot be used: no Duplex, another TlsSocket's, or
 *   one with text in its buffer
 * @throws TlsError `ERR_TLS_CONFIG` on a bad `serverName` or protocol
 */
export function secure(transport: Duplex, given: SecureClientOptions | SecureServerOptions): TlsSocket {
  const options = ownOptions<SecureOptions>(given, known) as SecureClientOptions | SecureServerOptions;
  const socket = isClient(options) ? secureClient(transport, options) : secureServer(transport, options);
  if (transport instanceof Socket) transport.setNoDelay(true);
  return socket;
}

function secureServer(transport: Duplex, { context, ...rest }: SecureServerOptions): TlsSocket {
  const makeEngine = (sink: EngineSink): TlsEngine => context.createEngine(sink);
  return new TlsSocket(transport, makeEngine, withoutPrototype({ ...rest, role: 'server', serverName: undefined }));
}

function secureClient(transport: Duplex, options: SecureClientOptions): TlsSocket {
  const { context } = options;
  const engineOptions = clientEngineOptions(options);
  const { serverName } = engineOptions;
  const makeEngine = (sink: EngineSink): TlsEngine => context.createEngine(engineOptions, sink);
  return new TlsSocket(transport, makeEngine, withoutPrototype({ ...options, role: 'client', serverName }));
}

/** What of a socket's options its engine is made with. */
export function clientEngineOptions({
  serverName,
  alpnProtocols,
  session,
  earlyData,
  echConfigList,
  unusableEchConfigs,
}: Omit<SecureClientOptions, 'context'>): ClientEngineOptions {
  return {
    serverName: typeof serverName === 'string' ? withoutZone(serverName) : serverName,
    ...(alpnProtocols !== undefined && { alpnProtocols }),
    ...(session !== undefined && { session }),
    ...(earlyData !== undefined && { earlyData: true }),
    ...(echConfigList !== undefined && { echConfigList }),
    ...(unusableEchConfigs !== undefined && { unusableEchConfigs }),
  };
}

function isClient(options: SecureClientOptions | SecureServerOptions): options is SecureClientOptions {
  return options.context.role === 'client';
}

import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsClientContext, TlsServerContext, UnusableEchConfigs } from '../backend.ts';
import type { TlsSession } from '../session.ts';
import { refuseUnknownOptions } from './refuse-unknown-options.ts';
import { TlsSocket } from './tls-socket.ts';

interface SecureCommonOptions {
  /** Milliseconds until `ERR_TLS_TIMEOUT`; 0: never. Default: 10,000. */
  readonly handshakeTimeout?: number | undefined;
  /** Ends the handshake with `ERR_TLS_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** Default false, as in node:net. */
  readonly allowHalfOpen?: boolean | undefined;
}

export interface SecureClientOptions extends SecureCommonOptions {
  readonly context: TlsClientContext;
  /** The name or IP address that the peer's certificate must prove. */
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
  'server',
];

/**
 * TLS over any Duplex: a TCP socket, a tunnel, a connection that said STARTTLS. The handshake begins at once; the socket emits
 * `secure` (a client also `secureConnect`) or `error`. The transport is the socket's from here on.
 * @throws TypeError on an unknown option
 * @throws TlsError `ERR_TLS_CONFIG` on a bad `serverName` or protocol
 */
export function secure(transport: Duplex, options: SecureClientOptions | SecureServerOptions): TlsSocket {
  refuseUnknownOptions(options, known);
  if (transport instanceof Socket) transport.setNoDelay(true);
  if (!isClient(options)) {
    const { context, ...rest } = options;
    return new TlsSocket(transport, (sink) => context.createEngine(sink), {
      ...rest,
      role: 'server',
      serverName: undefined,
    });
  }
  const { context, serverName, alpnProtocols, session, echConfigList, unusableEchConfigs, ...rest } = options;
  const engineOptions = {
    serverName,
    ...(alpnProtocols !== undefined && { alpnProtocols }),
    ...(session !== undefined && { session }),
    ...(rest.earlyData !== undefined && { earlyData: true }),
    ...(echConfigList !== undefined && { echConfigList }),
    ...(unusableEchConfigs !== undefined && { unusableEchConfigs }),
  };
  return new TlsSocket(transport, (sink) => context.createEngine(engineOptions, sink), {
    ...rest,
    role: 'client',
    serverName,
  });
}

function isClient(options: SecureClientOptions | SecureServerOptions): options is SecureClientOptions {
  return options.context.role === 'client';
}

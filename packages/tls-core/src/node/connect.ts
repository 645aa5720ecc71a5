import type { Socket } from 'node:net';
import type { EngineSink, TlsClientContext, UnusableEchConfigs } from '../engine.ts';
import { clientContext, type ClientTls } from '../config/contexts.ts';
import { optionNames, ownOptions } from '../own-options.ts';
import { connectingAborted, dial, knownDialOptions, type DialOptions } from './dial.ts';
import { retryRejected } from './ech-retry.ts';
import { clientEngineOptions, secure, type SecureClientOptions } from './secure.ts';
import { checkBytes, checkFlag, checkSignal, checkTimeout } from './socket-options.ts';
import type { TlsSocket } from './tls-socket.ts';
import { whenSecure } from './when-secure.ts';

export interface ConnectOptions extends DialOptions, Omit<SecureClientOptions, 'context' | 'serverName' | 'head'> {
  /** The name or IP address that the peer's certificate must prove. Default: `host`, without the zone. */
  readonly serverName?: string | undefined;
  /** A context, or a configuration and the backend to use it with. */
  readonly tls?: ClientTls | undefined;
  /**
   * What becomes of an `echConfigList` that holds nothing usable, and of a server that has turned ECH off (RFC 9849 §6.1, §6.1.6). Default:
   * `refuse`.
   */
  readonly unusableEchConfigs?: UnusableEchConfigs | undefined;
  /**
   * Dials a server once more, as it says, when it cannot use the `echConfigList` and proves its public name (RFC 9849 §6.1.6). Default: true.
   * With false the rejection is `ERR_TLS_ECH_REJECTED`, whose `retryConfigs` the caller may use.
   */
  readonly echRetry?: boolean | undefined;
  /** Gives up dialling and the handshake with `ERR_TLS_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

const known = optionNames<ConnectOptions>({
  ...knownDialOptions,
  serverName: true,
  alpnProtocols: true,
  tls: true,
  session: true,
  earlyData: true,
  echConfigList: true,
  unusableEchConfigs: true,
  echRetry: true,
  handshakeTimeout: true,
  allowHalfOpen: true,
});

/**
 * Dials TCP and does the handshake. It does so a second time where a server rejected Encrypted Client Hello and says how to do better. For
 * many connections make a context once: `tls: await clientContext(…)`. What cannot be is refused before anything is dialled, and no
 * connection is left where this rejects.
 * @throws TypeError on an unknown option or one of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a name, a protocol, a time or an ECHConfigList that cannot be
 * @throws TlsError `ERR_TLS_TRANSPORT` when dialling fails, `ERR_TLS_TIMEOUT`, `ERR_TLS_ABORTED`, and all that a handshake can fail with
 */
export async function connect(given: ConnectOptions): Promise<TlsSocket> {
  const options = ownOptions(given, known);
  const { tls, signal, echConfigList, unusableEchConfigs = 'refuse', echRetry = true } = options;
  checkTimeout('connectTimeout', options.connectTimeout);
  checkTimeout('handshakeTimeout', options.handshakeTimeout);
  checkBytes('earlyData', options.earlyData);
  checkFlag('echRetry', echRetry);
  checkSignal(signal);
  if (signal?.aborted === true) throw connectingAborted(signal);
  const context = await clientContext(tls);
  const connectWith = (list: Uint8Array | undefined): Promise<TlsSocket> => connectOnce(context, options, list);
  if (echConfigList === undefined || !echRetry) return connectWith(echConfigList);
  return retryRejected(connectWith, echConfigList, unusableEchConfigs);
}

/** @param options without a prototype */
async function connectOnce(
  context: TlsClientContext,
  options: ConnectOptions,
  echConfigList: Uint8Array | undefined,
): Promise<TlsSocket> {
  const { host, serverName = host, alpnProtocols, session, earlyData, unusableEchConfigs } = options;
  const { signal, handshakeTimeout, allowHalfOpen } = options;
  const target = { serverName, alpnProtocols, session, earlyData, echConfigList, unusableEchConfigs };
  checkTarget({ context, ...target });
  const transport = await dial(options);
  const socket = secureOrClose(transport, { context, ...target, signal, handshakeTimeout, allowHalfOpen });
  await whenSecure(socket);
  return socket;
}

/** Has the backend judge what a connection is to be, by an engine that is never started. */
function checkTarget({ context, ...target }: SecureClientOptions): void {
  context.createEngine(clientEngineOptions(target), deafSink).destroy();
}

const deafSink: EngineSink = {
  ciphertext: () => undefined,
  plaintext: () => undefined,
  handshake: () => undefined,
  session: () => undefined,
  keyLog: () => undefined,
  closed: () => undefined,
  failed: () => undefined,
};

function secureOrClose(transport: Socket, options: SecureClientOptions): TlsSocket {
  try {
    return secure(transport, options);
  } catch (error) {
    transport.on('error', () => undefined).destroy();
    throw error;
  }
}

import { connect as dialTcp, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { EngineSink, TlsClientContext, UnusableEchConfigs } from '../backend.ts';
import { clientContext, type ClientTls } from '../config/contexts.ts';
import { ownOptions, withoutPrototype } from '../own-options.ts';
import type { TlsSession } from '../session.ts';
import { TlsError } from '../tls-error.ts';
import { retryRejected } from './ech-retry.ts';
import { clientEngineOptions, secure, type SecureClientOptions } from './secure.ts';
import { checkBytes, checkFlag, checkSignal, checkTimeout } from './socket-options.ts';
import type { TlsSocket } from './tls-socket.ts';
import { whenSecure } from './when-secure.ts';

/** What node:net takes for dialling. */
type DialOptions = Pick<
  TcpNetConnectOpts,
  | 'localAddress'
  | 'localPort'
  | 'family'
  | 'hints'
  | 'lookup'
  | 'keepAlive'
  | 'keepAliveInitialDelay'
  | 'autoSelectFamily'
  | 'autoSelectFamilyAttemptTimeout'
>;

export interface ConnectOptions extends DialOptions {
  /** A host name or IP address, an IPv6 one with its zone where it needs one. */
  readonly host: string;
  readonly port: number;
  /** The name or IP address that the peer's certificate must prove; default: `host`, without the zone. */
  readonly serverName?: string | undefined;
  /** Instead of the context's. */
  readonly alpnProtocols?: readonly (string | Uint8Array)[] | undefined;
  /** A context, or a configuration and the backend to use it with. */
  readonly tls?: ClientTls | undefined;
  readonly session?: TlsSession | undefined;
  /** As in `secure`. */
  readonly earlyData?: Uint8Array | undefined;
  readonly echConfigList?: Uint8Array | undefined;
  /**
   * What becomes of an `echConfigList` that holds nothing usable, and of a server that has turned ECH off (RFC 9849 §6.1, §6.1.6). Default:
   * `refuse`.
   */
  readonly unusableEchConfigs?: UnusableEchConfigs | undefined;
  /**
   * A server that cannot use the `echConfigList`, and proves its public name, is dialled once more as it says (RFC 9849 §6.1.6); default
   * true. False: `ERR_TLS_ECH_REJECTED`, whose `retryConfigs` the caller may use.
   */
  readonly echRetry?: boolean | undefined;
  /** Aborts dialling and the handshake. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for dialling; 0: no limit. Default: 10,000. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds for the handshake; 0: no limit. Default: 10,000. */
  readonly handshakeTimeout?: number | undefined;
  /** Default false, as in node:net. */
  readonly allowHalfOpen?: boolean | undefined;
}

const dialOptions = [
  'localAddress',
  'localPort',
  'family',
  'hints',
  'lookup',
  'keepAlive',
  'keepAliveInitialDelay',
  'autoSelectFamily',
  'autoSelectFamilyAttemptTimeout',
] as const satisfies readonly (keyof DialOptions)[];
const known = [
  'host',
  'port',
  'serverName',
  'alpnProtocols',
  'tls',
  'session',
  'earlyData',
  'echConfigList',
  'unusableEchConfigs',
  'echRetry',
  'signal',
  'connectTimeout',
  'handshakeTimeout',
  'allowHalfOpen',
  ...dialOptions,
] as const satisfies readonly (keyof ConnectOptions)[];
const defaultConnectTimeout = 10_000;

/**
 * Dials TCP and does the handshake; a second time where a server rejected Encrypted Client Hello and says how to do better. For many
 * connections make a context once: `tls: await clientContext(…)`. What cannot be is refused before anything is dialled, and no connection is
 * left where this rejects.
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
  if (signal?.aborted === true) throw aborted(signal);
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

function dial(options: ConnectOptions): Promise<Socket> {
  const { host, port, signal, connectTimeout = defaultConnectTimeout } = options;
  const picked = Object.fromEntries(
    dialOptions.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  );
  const socket = dialTcp(withoutPrototype({ ...picked, host, port, noDelay: true }));
  return new Promise((resolve, reject) => {
    const end = (error?: TlsError): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('connect', onConnect);
      socket.removeListener('error', onError);
      if (error === undefined) {
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined); // it has failed already
      socket.destroy();
      reject(error);
    };
    const onConnect = (): void => end();
    const onError = (cause: Error): void =>
      end(new TlsError('ERR_TLS_TRANSPORT', `cannot connect to ${host} port ${port}: ${describe(cause)}`, { cause }));
    const onAbort = (): void => end(aborted(signal));
    const timer =
      connectTimeout === 0
        ? undefined
        : setTimeout(
            () =>
              end(new TlsError('ERR_TLS_TIMEOUT', `no connection to ${host} port ${port} within ${connectTimeout} ms`)),
            connectTimeout,
          );
    socket.once('connect', onConnect);
    socket.once('error', onError);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
}

/** Of several addresses that were tried, each reason. */
function describe(cause: Error): string {
  if (!(cause instanceof AggregateError)) return cause.message;
  return cause.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; ');
}

function aborted(signal: AbortSignal | undefined): TlsError {
  return new TlsError('ERR_TLS_ABORTED', 'connecting was aborted', { cause: signal?.reason });
}

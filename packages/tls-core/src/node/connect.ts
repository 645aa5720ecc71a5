import type { Duplex } from 'node:stream';
import type { EngineSink, TlsClientContext, UnusableEchConfigs } from '../engine.ts';
import { clientContext, type ClientTls } from '../config/contexts.ts';
import { wrongType } from '../option-error.ts';
import { optionNames, ownOptions } from '../own-options.ts';
import {
  checkDialOptions,
  connectingAborted,
  dialChecked,
  knownDialOptions,
  type DialOptions,
  type PipeDialOptions,
} from './dial.ts';
import { retryRejected } from './ech-retry.ts';
import { checkOnRead } from './on-read.ts';
import { clientEngineOptions, secure, type SecureClientOptions } from './secure.ts';
import { checkBytes, checkOptionalFlag, checkSize, checkTimeout } from '../socket-options.ts';
import type { TlsSocket } from './tls-socket.ts';
import { whenSecure } from './when-secure.ts';

/** What is dialled over TCP. */
export interface ConnectOptions extends DialOptions, ConnectCommonOptions {
  /** The name or IP address that the peer's certificate must prove. Default: `host`, without the zone. */
  readonly serverName?: string | undefined;
}

/** What is dialled over a Unix domain socket or a Windows pipe. */
export interface ConnectPipeOptions extends PipeDialOptions, ConnectCommonOptions {
  /** The name or IP address that the peer's certificate must prove. */
  readonly serverName: string;
}

/** What runs over a connection that the program makes by itself: through a proxy, or behind STARTTLS. */
export interface ConnectOverOptions extends ConnectCommonOptions {
  /**
   * Makes the connection below TLS, a second time where `echRetry` dials once more. It bounds its time by itself, obeys `signal`, and leaves
   * nothing where it fails; what it fails with is what `connect` fails with.
   */
  readonly transport: () => Promise<Duplex>;
  /** The name or IP address that the peer's certificate must prove. */
  readonly serverName: string;
  /** Gives the handshake up with `ERR_TLS_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

interface ConnectCommonOptions extends Omit<SecureClientOptions, 'context' | 'serverName' | 'head' | 'signal'> {
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
}

type AnyConnectOptions = ConnectOptions | ConnectPipeOptions | ConnectOverOptions;

const knownOverOptions: Readonly<Record<keyof ConnectOverOptions, unknown>> = {
  transport: true,
  signal: true,
  noDelay: true,
  serverName: true,
  alpnProtocols: true,
  tls: true,
  session: true,
  sessionStore: true,
  earlyData: true,
  echConfigList: true,
  unusableEchConfigs: true,
  echRetry: true,
  handshakeTimeout: true,
  allowHalfOpen: true,
  highWaterMark: true,
  onread: true,
};

const known = optionNames<Record<keyof ConnectOptions | keyof ConnectPipeOptions | 'transport', unknown>>({
  ...knownDialOptions,
  ...knownOverOptions,
});

/**
 * Dials and does the handshake. It does so a second time where a server rejected Encrypted Client Hello and says how to do better. For
 * many connections make a context once: `tls: await clientContext(…)`. What cannot be is refused before anything is dialled, and no
 * connection is left where this rejects.
 * @throws TypeError on an unknown option or one of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a name, a protocol, a time or an ECHConfigList that cannot be
 * @throws TlsError `ERR_TLS_TRANSPORT` when dialling fails, `ERR_TLS_TIMEOUT`, `ERR_TLS_ABORTED`, and all that a handshake can fail with
 */
export async function connect(given: AnyConnectOptions): Promise<TlsSocket> {
  const options = readOptions(given);
  const { tls, signal, echConfigList, unusableEchConfigs = 'refuse', echRetry = true } = options;
  if (signal?.aborted === true) throw connectingAborted(signal);
  const context = await clientContext(tls);
  const connectWith = (list: Uint8Array | undefined): Promise<TlsSocket> => connectOnce(context, options, list);
  if (echConfigList === undefined || !echRetry) return connectWith(echConfigList);
  return retryRejected(connectWith, echConfigList, unusableEchConfigs);
}

/** Gives a copy with an empty prototype. */
function readOptions(given: AnyConnectOptions): AnyConnectOptions {
  const options = ownOptions(given as ConnectOptions & ConnectPipeOptions & ConnectOverOptions, known);
  const { path, serverName, transport } = options as { readonly [Each in keyof typeof options]?: unknown };
  if (transport !== undefined) checkOver(options);
  checkDialOptions(options);
  if (path !== undefined && serverName === undefined)
    throw new TypeError('serverName: expected the name that the server behind `path` must prove');
  checkTimeout('handshakeTimeout', options.handshakeTimeout);
  checkBytes('earlyData', options.earlyData);
  checkSize('highWaterMark', options.highWaterMark);
  checkOptionalFlag('echRetry', options.echRetry);
  checkOnRead(options.onread);
  return options;
}

/** Nothing that says how to dial has an effect where the program does it. */
function checkOver(options: ConnectOverOptions): void {
  const { transport, serverName } = options as { readonly [Each in keyof typeof options]?: unknown };
  if (typeof transport !== 'function') throw wrongType('transport', 'a function that makes a connection', transport);
  const dialling = Object.keys(options).find((name) => !Object.hasOwn(knownOverOptions, name));
  if (dialling !== undefined) throw new TypeError(`${dialling}: expected no option of dialling beside \`transport\``);
  if (serverName === undefined)
    throw new TypeError('serverName: expected the name that the server behind `transport` must prove');
}

/** @param options with an empty prototype */
async function connectOnce(
  context: TlsClientContext,
  options: AnyConnectOptions,
  echConfigList: Uint8Array | undefined,
): Promise<TlsSocket> {
  const { alpnProtocols, session, sessionStore, earlyData, unusableEchConfigs } = options;
  const { signal, handshakeTimeout, allowHalfOpen, highWaterMark, noDelay, onread } = options;
  const serverName = 'host' in options ? (options.serverName ?? options.host) : options.serverName;
  const offered = { alpnProtocols, session, sessionStore, earlyData, echConfigList, unusableEchConfigs };
  const target = { serverName, ...offered };
  checkTarget({ context, ...target });
  const transport = 'transport' in options ? await options.transport() : await dialChecked(options);
  const socketOptions = { signal, handshakeTimeout, allowHalfOpen, highWaterMark, noDelay, onread };
  const socket = secureOrClose(transport, { context, ...target, ...socketOptions });
  await whenSecure(socket);
  return socket;
}

/** Has the backend judge what a connection is to be, by an engine that is never started. */
export function checkTarget({ context, ...target }: SecureClientOptions): void {
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

/** As `secure`, but closes the connection where that throws. */
export function secureOrClose(transport: Duplex, options: SecureClientOptions): TlsSocket {
  try {
    return secure(transport, options);
  } catch (error) {
    transport.on('error', () => undefined).destroy();
    throw error;
  }
}

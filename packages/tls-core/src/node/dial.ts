import { connect as dialNet, type NetConnectOpts, type Socket, type TcpNetConnectOpts } from 'node:net';
import { optionNames, ownOptions, frozenCopy } from '../own-options.ts';
import { checkOptionalFlag, checkSignal, checkTimeout } from '../socket-options.ts';
import { TlsError } from '../tls-error.ts';

/** What node:net takes for dialling, as it is. */
type NetDialOptions = Pick<
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

/** What bounds dialling, and how the connection is to be. */
interface DialCommonOptions {
  /** Milliseconds until dialling is given up with `ERR_TLS_TIMEOUT`. 0 means never. Default: 10,000. */
  readonly connectTimeout?: number | undefined;
  /** Sends small writes at once (TCP_NODELAY). Default: true. */
  readonly noDelay?: boolean | undefined;
  /** Gives dialling up with `ERR_TLS_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

/** How a TCP connection is made. */
export interface DialOptions extends DialCommonOptions, NetDialOptions {
  /** A host name or IP address; an IPv6 address has its zone where it needs one. */
  readonly host: string;
  readonly port: number;
}

/** How a connection to a Unix domain socket or a Windows pipe is made. */
export interface PipeDialOptions extends DialCommonOptions {
  /** The name of the socket in the file system, or of the pipe. */
  readonly path: string;
}

/** The names of what node:net takes for dialling. */
export const netOptions: Readonly<Record<keyof NetDialOptions, true>> = {
  localAddress: true,
  localPort: true,
  family: true,
  hints: true,
  lookup: true,
  keepAlive: true,
  keepAliveInitialDelay: true,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: true,
};

/** The names of all options of dialling, so that a missing one does not compile. */
export const knownDialOptions: Readonly<Record<keyof DialOptions | keyof PipeDialOptions, true>> = {
  host: true,
  port: true,
  path: true,
  noDelay: true,
  connectTimeout: true,
  signal: true,
  ...netOptions,
};

const defaultConnectTimeout = 10_000;

/**
 * Makes a connection of TCP, or to a Unix domain socket or pipe, over which `secure` may do TLS later. No socket and no timer is left
 * where it rejects.
 * @throws TypeError on an unknown option or one of the wrong type, TlsError `ERR_TLS_CONFIG` on a time that cannot be
 * @throws TlsError `ERR_TLS_TRANSPORT` with each reason when dialling fails, `ERR_TLS_TIMEOUT`, `ERR_TLS_ABORTED`
 */
export async function dial(given: DialOptions | PipeDialOptions): Promise<Socket> {
  const options = ownOptions(given as DialOptions & PipeDialOptions, optionNames(knownDialOptions));
  checkDialOptions(options);
  return dialChecked(options);
}

/**
 * Refuses what cannot be dialled as it is meant.
 * @throws TypeError on an option of the wrong type, TlsError `ERR_TLS_CONFIG` on a time that cannot be
 */
export function checkDialOptions(options: DialOptions | PipeDialOptions): void {
  const { host, port, path } = options as { readonly [Each in keyof DialOptions | 'path']?: unknown };
  if (path !== undefined && (host !== undefined || port !== undefined))
    throw new TypeError('path: expected no `host` and no `port` beside it');
  checkTimeout('connectTimeout', options.connectTimeout);
  checkOptionalFlag('noDelay', options.noDelay);
  checkSignal(options.signal);
}

/**
 * As `dial`, of options that were checked.
 * @param options with an empty prototype
 */
export function dialChecked(options: DialOptions | PipeDialOptions): Promise<Socket> {
  const { signal, connectTimeout = defaultConnectTimeout, noDelay = true } = options;
  const { name, ...target } = targetOf(options);
  const socket = dialNet(frozenCopy({ noDelay, ...target }));
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
    // What fails it in this very turn is told before whoever waits goes on, as in `whenSecure`.
    const onConnect = (): void =>
      queueMicrotask(() => {
        if (socket.errored === null) end();
      });
    const onError = (cause: Error): void =>
      end(new TlsError('ERR_TLS_TRANSPORT', `cannot connect to ${name}: ${describe(cause)}`, { cause }));
    const onAbort = (): void => end(connectingAborted(signal));
    const onTimeout = (): void =>
      end(new TlsError('ERR_TLS_TIMEOUT', `no connection to ${name} within ${connectTimeout} ms`));
    const timer = connectTimeout === 0 ? undefined : setTimeout(onTimeout, connectTimeout);
    socket.once('connect', onConnect);
    socket.once('error', onError);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
}

/** The error of a connection that its caller does not want any more. */
export function connectingAborted(signal: AbortSignal | undefined): TlsError {
  return new TlsError('ERR_TLS_ABORTED', 'connecting was aborted', { cause: signal?.reason });
}

/** What node:net is told to dial, and how it is called in an error. */
function targetOf(options: DialOptions | PipeDialOptions): NetConnectOpts & { readonly name: string } {
  if ('path' in options) return { path: options.path, name: options.path };
  const { host, port } = options;
  return { host, port, name: `${host.includes(':') ? `[${host}]` : host}:${port}`, ...netOptionsOf(options) };
}

function netOptionsOf(options: DialOptions): NetDialOptions {
  const names = optionNames<NetDialOptions>(netOptions);
  return Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as NetDialOptions;
}

/** The reason of a failure, and each one where several addresses were tried. */
function describe(cause: Error): string {
  if (!(cause instanceof AggregateError)) return cause.message;
  return cause.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; ');
}

import type { TcpSocketConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PeerCertificate } from 'node:tls';
import { isIpAddress } from '@org/tls-core/backend';
import { codedError, wrongType } from '../coded-error.ts';
import { builtin, liveTls } from '../builtin.ts';
import { tlsDefaults } from '../context/tls-defaults.ts';
import { checkServerIdentity, createSecureContext, type SecureContext } from '../secure-context.ts';
import { namesOf } from '../context/chain-certificate.ts';
import { detailedCertificate } from './certificates.ts';
import { identityCheck, type IdentityCheck, type TLSSocketOptions } from './socket-options.ts';
import { TLSSocket } from './tls-socket.ts';

/** Options of `connect`, by Node's names. Whatever net.connect takes may stand here too. */
export interface ConnectOptions
  extends
    Omit<TLSSocketOptions, 'isServer' | 'server'>,
    Omit<Partial<TcpSocketConnectOpts>, keyof TLSSocketOptions | 'port'> {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** A Unix socket or a pipe, in place of `host` and `port`. */
  readonly path?: string | undefined;
  /** A connection that is there already. */
  readonly socket?: Duplex | undefined;
  /** The name that is sent. It is also the one that the certificate must be for, in place of `host`. */
  readonly servername?: string | undefined;
  /** Says why a certificate is not for a host. Default: `checkServerIdentity`. */
  readonly checkServerIdentity?: ((hostname: string, certificate: PeerCertificate) => Error | undefined) | undefined;
  /** Bits that a finite-field group must have. There are none, so that this never fails. */
  readonly minDHSize?: number | undefined;
  readonly timeout?: number | undefined;
}

type ConnectListener = () => void;

/**
 * Connects as Node's tls.connect does, and returns at once.
 * @throws Error with Node's code on options that cannot be used
 */
export function connect(options: ConnectOptions, listener?: ConnectListener): TLSSocket;
export function connect(port: number, host?: string, options?: ConnectOptions, listener?: ConnectListener): TLSSocket;
export function connect(port: number, options?: ConnectOptions, listener?: ConnectListener): TLSSocket;
export function connect(...given: readonly unknown[]): TLSSocket {
  const { options, listener } = readArguments(given);
  const { secureContext, socket: below, timeout, session } = options;
  checkNumbers(options);
  // as in Node, only `false` of the options' own turns it off, and what stands there counts before the environment
  const rejects = Object.hasOwn(options, 'rejectUnauthorized')
    ? options.rejectUnauthorized !== false
    : rejectsByDefault();
  const socket = new TLSSocket(below, {
    ...options,
    isServer: false,
    server: undefined,
    secureContext: secureContext ?? makeContext(options),
    rejectUnauthorized: rejects,
    session,
    [identityCheck]: identityCheckOf(options),
  } as TLSSocketOptions);
  socket.dialled = options;
  socket._releaseControl();
  if (listener !== undefined) socket.once('secureConnect', listener);
  if (below === undefined || below === null) {
    if (timeout) socket.setTimeout(timeout);
    socket.connect(options);
  }
  if (options.servername) {
    warnOfAddress(options.servername);
    socket.setServername(options.servername);
  }
  socket._start();
  socket.once('secure', () => onSecure(socket, rejects));
  return socket;
}

/** Under `register`, a program may have put a function of its own over ours, as some tests do. */
function makeContext(options: ConnectOptions): SecureContext {
  const { createSecureContext: current } = liveTls as unknown as {
    readonly createSecureContext: typeof createSecureContext;
  };
  const isNode = (current as unknown) === builtin.tls.createSecureContext;
  return isNode ? createSecureContext(options) : current({ ciphers: tlsDefaults.DEFAULT_CIPHERS, ...options });
}

function onSecure(socket: TLSSocket, rejects: boolean): void {
  socket.conclude({ isAsked: true });
  // the handshake has refused it before; this says it once more, whatever the backend does
  if (rejects && !socket.authorized) socket.destroy(socket.peerError);
  else socket.emit('secureConnect');
}

/** Node's order of arguments: port, host, options and a listener, of which all but the first may be missing; or a path. */
function readArguments(given: readonly unknown[]): {
  readonly options: ConnectOptions;
  readonly listener: ConnectListener | undefined;
} {
  const last = given.at(-1);
  const listener = typeof last === 'function' ? (last as ConnectListener) : undefined;
  const rest = listener === undefined ? given : given.slice(0, -1);
  const [first, second] = rest;
  const named = rest.find((each): each is ConnectOptions => typeof each === 'object' && each !== null) ?? {};
  if (typeof first === 'object' && first !== null) return { options: { ...named }, listener };
  if (first === undefined || first === null) return { options: { ...named }, listener };
  if (isPath(first)) return { options: { path: first, ...named }, listener };
  const host = typeof second === 'string' ? { host: second } : {};
  return { options: { port: first as number, ...host, ...named }, listener };
}

/** Node takes text that is no number for a path. */
function isPath(target: unknown): target is string {
  return typeof target === 'string' && !(Number(target) >= 0);
}

function identityCheckOf(options: ConnectOptions): IdentityCheck {
  const { servername, host, socket } = options;
  // as in Node, what is inherited does not count
  const own = Object.hasOwn(options, 'checkServerIdentity') ? options.checkServerIdentity : undefined;
  const check = own === undefined ? checkServerIdentity : own;
  if (typeof check !== 'function') throw wrongType('"options.checkServerIdentity" property', 'of type function', check);
  const { _host: dialledBefore } = (socket ?? {}) as { readonly _host?: string | null };
  const hostname = servername || host || dialledBefore || 'localhost';
  const ask = (certificate: PeerCertificate | undefined): Error | undefined =>
    Reflect.apply(check, undefined, [hostname, certificate ?? ({} as PeerCertificate)]);
  return (path) => {
    // Our own function looks at the names of the leaf alone. The error that it gives holds the certificate, which is then the program's.
    const [leaf] = path;
    const names = check === checkServerIdentity && leaf !== undefined ? namesOf(leaf) : undefined;
    if (names !== undefined && ask(names) === undefined) return undefined;
    return ask(detailedCertificate(path));
  };
}

/** As Node, it takes an option that is there and `undefined` for no number. */
function checkNumbers(options: ConnectOptions): void {
  if (!('minDHSize' in options)) return;
  const { minDHSize } = options;
  if (typeof minDHSize === 'number' && minDHSize > 0) return;
  const expected = typeof minDHSize === 'number' ? 'a positive number' : 'a number';
  throw codedError('ERR_ASSERTION', `options.minDHSize is not ${expected}: ${String(minDHSize)}`);
}

/** Node's own switch for tests. It warns itself when its own tls is used; here it is said once. */
function rejectsByDefault(): boolean {
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return true;
  if (!isWarned.unauthorized) {
    isWarned.unauthorized = true;
    process.emitWarning(
      "Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests insecure by disabling certificate verification.",
    );
  }
  return false;
}

function warnOfAddress(servername: string): void {
  if (isWarned.address || !isIpAddress(servername)) return;
  isWarned.address = true;
  process.emitWarning(
    'Setting the TLS ServerName to an IP address is not permitted by RFC 6066. This will be ignored in a future version.',
    'DeprecationWarning',
    'DEP0123',
  );
}

const isWarned = { address: false, unauthorized: false };

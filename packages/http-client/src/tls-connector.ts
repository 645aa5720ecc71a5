import type { Socket } from 'node:net';
import { isTlsError, TlsError, type MaybePromise, type TlsClientContext } from '@org/tls-core';
import { connect, type TlsSocket } from '@org/tls-core/node';
import { buildConnector } from './undici.ts';
import type { NameOf } from './server-names.ts';

export interface ConnectorOptions {
  /** Gives the one context that all connections of a client share. */
  readonly context: () => MaybePromise<TlsClientContext>;
  readonly serverName: NameOf;
  readonly allowH2: boolean;
  readonly allowHttp: boolean;
  /** How long making the TCP connection may take, in milliseconds. */
  readonly connectTimeout: number | undefined;
  /** How long the TLS handshake may take, in milliseconds. */
  readonly handshakeTimeout: number | undefined;
  /** Its abort gives up all connections that are being made. */
  readonly signal: AbortSignal;
}

/** A new connection: it is secured by us, or a plain socket where `allowHttp` permits that. */
export type Connected = { readonly socket: Socket; readonly secured: TlsSocket | undefined };

/** undici's description of where to connect to. */
export type ConnectTarget = buildConnector.Options;

/** Dials and secures one connection, unless the signal aborts. */
export type Connector = (target: ConnectTarget, signal: AbortSignal) => Promise<Connected>;

/**
 * Makes the connector of a client: TCP is by `node:net`, TLS by the context's backend. HTTP/2 is offered only when it is allowed, because a
 * peer that chooses it gets it (RFC 9113 §3.2).
 */
export function createConnector(options: ConnectorOptions): Connector {
  const plain = buildConnector(options.connectTimeout === undefined ? {} : { timeout: options.connectTimeout });
  return async (target, signal) => {
    if (target.protocol !== 'https:') {
      if (!options.allowHttp) throw plainHttpRefused(target);
      return { socket: await connectPlain(plain, target), secured: undefined };
    }
    const secured = await connectSecured(options, target, AbortSignal.any([options.signal, signal]));
    return { socket: secured, secured };
  };
}

async function connectSecured(
  options: ConnectorOptions,
  target: ConnectTarget,
  signal: AbortSignal,
): Promise<TlsSocket> {
  const { connectTimeout, handshakeTimeout } = options;
  const socket = await connect({
    host: target.hostname,
    port: target.port === '' ? 443 : Number(target.port),
    // undici's `servername` is not used: it comes from the Host header, which a gateway may have from its own client.
    serverName: options.serverName(originOf(target)) ?? target.hostname,
    alpnProtocols: options.allowH2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    tls: await options.context(),
    signal,
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
    ...(handshakeTimeout === undefined ? {} : { handshakeTimeout }),
    ...(target.localAddress ? { localAddress: target.localAddress } : {}),
  });
  // A peer that answers with what was not offered has been refused by the engine already (RFC 7301 §3.2).
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
}

function originOf({ protocol, hostname, port }: ConnectTarget): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return new URL(`${protocol}//${host}${port === '' ? '' : `:${port}`}`).origin;
}

function connectPlain(plain: buildConnector.connector, target: ConnectTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    plain(target, (error, socket) => {
      if (error === null && socket !== null) resolve(socket);
      else reject(error ?? new TlsError('ERR_TLS_TRANSPORT', `no connection to ${target.hostname}`));
    });
  });
}

function plainHttpRefused(target: ConnectTarget): TlsError {
  return new TlsError(
    'ERR_TLS_CONFIG',
    `http://${target.host ?? target.hostname} is not secured; expected https:, or the option \`allowHttp\``,
    {
      option: 'allowHttp',
    },
  );
}

/** Makes an `Error` of whatever a connection attempt threw. */
export function asError(reason: unknown): Error {
  if (isTlsError(reason) || reason instanceof Error) return reason;
  return new TlsError('ERR_TLS_TRANSPORT', 'the connection could not be made', { cause: reason });
}

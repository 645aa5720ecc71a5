import type { Socket } from 'node:net';
import { isTlsError, TlsError } from '@org/tls-core';
import { connect, type TlsSocket } from '@org/tls-core/node';
import type { buildConnector } from 'undici';
import type { SettingsOf } from './routes/origins.ts';
import type { Destination, OpenRoute, Route } from './routes/route.ts';

export interface ConnectorOptions {
  readonly settingsOf: SettingsOf;
  readonly allowH2: boolean;
  readonly allowHttp: boolean;
  /** Makes the connection that is below TLS, or is used as it is for plain HTTP. */
  readonly openRoute: OpenRoute;
  /** How long the TLS handshake may take, in milliseconds. */
  readonly handshakeTimeout: number | undefined;
  /** Its abort gives up all connections that are being made. */
  readonly signal: AbortSignal;
}

/** A new connection: it is secured by us, or a plain socket where `allowHttp` permits that. */
export interface Connected {
  readonly socket: Socket;
  readonly secured: TlsSocket | undefined;
  readonly route: Route;
}

/** undici's description of where to connect to. */
export type ConnectTarget = buildConnector.Options;

/** Dials and secures one connection, unless the signal aborts. */
export type Connector = (target: ConnectTarget, signal: AbortSignal) => Promise<Connected>;

/**
 * Makes the connector of a client: the way to the origin is a route, TLS is by the context's backend. HTTP/2 is offered only when it is
 * allowed, because a peer that chooses it gets it (RFC 9113 §3.2).
 */
export function createConnector(options: ConnectorOptions): Connector {
  return async (target, signal) => {
    const attempt = { signal: AbortSignal.any([options.signal, signal]) };
    const destination = destinationOf(target);
    if (target.protocol === 'https:') return connectSecured(options, destination, attempt.signal);
    if (!options.allowHttp) throw plainHttpRefused(target);
    const { transport, route } = await options.openRoute(destination, attempt);
    return { socket: transport, secured: undefined, route };
  };
}

async function connectSecured(
  options: ConnectorOptions,
  destination: Destination,
  signal: AbortSignal,
): Promise<Connected> {
  const { handshakeTimeout } = options;
  const { context, serverName = destination.host } = options.settingsOf(destination.origin);
  let route: Route = 'direct';
  const socket = await connect({
    transport: async () => {
      const opened = await options.openRoute(destination, { signal });
      ({ route } = opened);
      return opened.transport;
    },
    // undici's `servername` is not used: it comes from the Host header, which a gateway may have from its own client.
    serverName,
    alpnProtocols: options.allowH2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    tls: await context(),
    signal,
    ...(handshakeTimeout === undefined ? {} : { handshakeTimeout }),
  });
  // A peer that answers with what was not offered has been refused by the engine already (RFC 7301 §3.2).
  return { socket, secured: socket, route };
}

function destinationOf({ protocol, hostname, port, localAddress }: ConnectTarget): Destination {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  const { origin } = new URL(`${protocol}//${host}${port === '' ? '' : `:${port}`}`);
  const usualPort = protocol === 'https:' ? 443 : 80;
  return {
    origin,
    host: hostname,
    port: port === '' ? usualPort : Number(port),
    localAddress: localAddress ?? undefined,
  };
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

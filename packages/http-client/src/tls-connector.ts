import type { Socket } from 'node:net';
import { isTlsError, TlsError } from '@org/tls-core';
import { connect, whenSecure } from '@org/tls-core/node';
import type { buildConnector } from 'undici';
import { Connection } from './connection.ts';
import { beginEarly } from './early-socket.ts';
import { noteFailure } from './failed-request.ts';
import { joinSignals } from './joined-signals.ts';
import type { SessionsOf } from './kept-sessions.ts';
import type { PhaseClock } from './phase-clock.ts';
import type { SettingsOf } from './routes/origins.ts';
import type { Destination, OpenedRoute, OpenRoute, Route } from './routes/route.ts';

export interface ConnectorOptions {
  readonly settingsOf: SettingsOf;
  readonly allowH2: boolean;
  readonly allowHttp: boolean;
  /** Makes the connection that is below TLS, or is used as it is for plain HTTP. */
  readonly openRoute: OpenRoute;
  /** Gives the store of a connection. */
  readonly sessionsOf: SessionsOf;
  /** Whether connections may be handed over before their handshake is done. */
  readonly earlyData: boolean;
  /** How long the TLS handshake may take, in milliseconds. */
  readonly handshakeTimeout: number | undefined;
  /** Its abort gives up all connections that are being made. */
  readonly signal: AbortSignal;
}

/** A new connection, and its socket: one that is secured by us, or a plain one where `allowHttp` permits that. */
export interface Connected {
  readonly socket: Socket;
  readonly connection: Connection;
}

/** undici's description of where to connect to. */
export type ConnectTarget = buildConnector.Options;

/** What is to be known of one attempt to connect. */
export interface ConnectAttempt {
  /** Its abort gives the attempt up. */
  readonly signal: AbortSignal;
  /** Whether all that waits for the connection may go as early data. It is asked before there is a way, and once more behind. */
  readonly maySendEarly: () => boolean;
  /** Notes the step that the attempt is at. */
  readonly clock: PhaseClock;
}

/** Dials and secures one connection, unless the signal aborts. */
export type Connector = (target: ConnectTarget, attempt: ConnectAttempt) => Promise<Connected>;

/**
 * Makes the connector of a client: the way to the origin is a route, TLS is by the context's backend. HTTP/2 is offered only when it is
 * allowed, because a peer that chooses it gets it (RFC 9113 §3.2).
 */
export function createConnector(options: ConnectorOptions): Connector {
  return async (target, { signal: own, maySendEarly, clock }) => {
    const destination = destinationOf(target);
    const { signal, release } = joinSignals(options.signal, own);
    const open = async (): Promise<OpenedRoute> => {
      clock.begin('connect');
      return options.openRoute(destination, { signal, onPhase: clock.begin });
    };
    try {
      if (target.protocol === 'https:')
        return await connectSecured(options, { destination, signal, clock, open, maySendEarly });
      if (!options.allowHttp) throw plainHttpRefused(target);
      const { transport, route } = await open();
      clock.end();
      return { socket: transport, connection: new Connection(route, clock) };
    } catch (error) {
      const { host, port } = destination;
      if (clock.phase !== undefined) noteFailure(error, { phase: clock.phase, host, port });
      throw error;
    } finally {
      release();
    }
  };
}

interface SecuredAttempt extends ConnectAttempt {
  readonly destination: Destination;
  readonly open: () => Promise<OpenedRoute>;
}

async function connectSecured(options: ConnectorOptions, attempt: SecuredAttempt): Promise<Connected> {
  const { destination, clock, signal } = attempt;
  const { origin, host } = destination;
  // undici's `servername` is not used: it comes from the Host header, which a gateway may have from its own client.
  const { context: contextOf, serverName = host } = options.settingsOf(origin);
  const context = await contextOf();
  const opened: { route: Route } = { route: 'direct' };
  const transport = async (): Promise<Socket> => {
    const { transport: below, route } = await attempt.open();
    opened.route = route;
    clock.begin('handshake');
    return below;
  };
  const sessionStore = options.sessionsOf(context, () => ({ origin, serverName, route: opened.route }));
  const alpnProtocols = options.allowH2 ? ['h2', 'http/1.1'] : ['http/1.1'];
  const target = { serverName, alpnProtocols, sessionStore, signal, handshakeTimeout: options.handshakeTimeout };
  if (options.earlyData && sessionStore !== undefined && attempt.maySendEarly()) {
    const early = await beginEarly({ ...target, context, sessionStore }, transport);
    const connection = new Connection(opened.route, clock, early, early);
    early.once('secure', () => clock.end());
    if (!early.isEarly) await whenSecure(early);
    return { socket: early, connection };
  }
  const socket = await connect({ ...target, transport, tls: context });
  clock.end();
  // A peer that answers with what was not offered has been refused by the engine already (RFC 7301 §3.2).
  return { socket, connection: new Connection(opened.route, clock, socket) };
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

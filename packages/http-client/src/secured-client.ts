import { TlsError } from '@org/tls-core';
import { Client } from './undici.ts';
import type { buildConnector, Dispatcher } from 'undici';
import type { Connection } from './connection.ts';
import { correctSession } from './http2-session.ts';
import { PhaseClock, type ConnectionPhase } from './phase-clock.ts';
import { refuseDispatch } from './requests/passing-handler.ts';
import { maySendEarly, securityRecord, type CallClient, type SecurityRecord } from './response-security.ts';
import { asError, type ConnectAttempt, type Connector } from './tls-connector.ts';

/** How many requests share an HTTP/2 connection, until the server's SETTINGS allow fewer (RFC 9113 §5.1.2). */
const http2Streams = 100;

/** A connection and the calls that wait for it. */
interface ConnectionState {
  connection: Connection | undefined;
  isConnected: boolean;
  /** The server takes no more requests over the connection. */
  isGoingAway: boolean;
  /** The attempt to connect that is under way. */
  attempt: { readonly abort: AbortController; readonly clock: PhaseClock } | undefined;
  readonly waiting: Set<SecurityRecord>;
  /** How many of the calls that waited have been given up. */
  givenUp: number;
  /** The requests of this client that may go as early data, until they have their answers. */
  readonly early: Set<SecurityRecord>;
}

/** undici's client of one origin. It has one connection at a time and knows how that one is secured. */
export class SecuredClient extends Client implements CallClient {
  readonly host: string;
  readonly port: number;
  readonly #state: ConnectionState;
  readonly #pool: () => Dispatcher;

  /** @param pool gives the pool that the client is in */
  constructor(origin: string | URL, options: Client.Options, connector: Connector, pool: () => Dispatcher) {
    const state: ConnectionState = {
      connection: undefined,
      isConnected: false,
      isGoingAway: false,
      attempt: undefined,
      waiting: new Set(),
      givenUp: 0,
      early: new Set(),
    };
    super(origin, {
      ...options,
      connect: (target, done) => {
        const attempt = this.#startAttempt();
        void connectInto(state, attempt, connector(target, attempt), done);
      },
    });
    this.#state = state;
    this.#pool = pool;
    const { hostname, port, protocol } = new URL(origin);
    this.host = hostname.replace(/^\[(.*)\]$/, '$1');
    this.port = port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port);
    // undici sends one request at a time by default, but an HTTP/2 connection is there to be shared.
    const pipelining = options.pipelining ?? 1;
    this.on('connect', () => {
      state.isConnected = true;
      const secured = state.connection?.secured;
      if (secured?.alpnProtocol !== 'h2') return;
      // undici sends nothing before the next line
      const onGoaway = (): void => {
        state.isGoingAway = true;
        this.pipelining = pipelining; // undici looks again whether it is busy, so that it says when it is not any more
      };
      correctSession({ client: this, socket: secured, onGoaway });
      this.pipelining = Math.max(pipelining, options.maxConcurrentStreams ?? http2Streams);
    });
    this.on('disconnect', () => {
      state.isConnected = false;
      state.isGoingAway = false;
      this.pipelining = pipelining;
    });
  }

  /** The current connection, or the last one where there is none now. */
  get connection(): Connection | undefined {
    return this.#state.connection;
  }

  /** The step that the attempt to connect is at; `undefined` where there is none. */
  get connectingPhase(): ConnectionPhase | undefined {
    return this.#state.attempt?.clock.phase;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { waiting, early, isGoingAway, connection } = this.#state;
    const isConnected = this.#state.isConnected && connection?.secured?.destroyed !== true;
    if (isGoingAway) {
      // the pool asks another client, once it knows that this one is busy
      queueMicrotask(() => this.#pool().dispatch(options, handler));
      return false;
    }
    const record = securityRecord(options);
    if (record?.isGivenUp === true) {
      // It was given up while it waited in the pool.
      refuseDispatch(handler, requestAborted());
      return true;
    }
    if (record !== undefined) {
      record.client = this;
      record.found = isConnected ? connection : undefined;
      if (!isConnected) waiting.add(record);
    }
    if (record !== undefined && maySendEarly(options, record)) early.add(record);
    else connection?.early?.endEarlyData();
    return super.dispatch(options, handler);
  }

  /** Notes that a request of a call has its answer, or will have none. */
  settled(record: SecurityRecord): void {
    this.#state.early.delete(record);
  }

  /** Notes that a call is no longer wanted, and stops making a connection for which no other call waits. */
  giveUp(record: SecurityRecord): void {
    const state = this.#state;
    if (!state.waiting.delete(record)) return;
    state.givenUp += 1;
    if (state.givenUp === this.stats.size) state.attempt?.abort.abort(requestAborted());
  }

  #startAttempt(): ConnectAttempt {
    const state = this.#state;
    const attempt = { abort: new AbortController(), clock: new PhaseClock() };
    state.attempt = attempt;
    return {
      signal: attempt.abort.signal,
      clock: attempt.clock,
      // a request that is not among them must not be replayed
      maySendEarly: () => state.early.size > 0 && state.early.size === this.stats.size,
    };
  }
}

function requestAborted(): TlsError {
  return new TlsError('ERR_TLS_ABORTED', 'the request was aborted');
}

async function connectInto(
  state: ConnectionState,
  { maySendEarly: mayStill }: ConnectAttempt,
  connecting: ReturnType<Connector>,
  done: Parameters<buildConnector.connector>[1],
): Promise<void> {
  const outcome = await connecting.catch(asError);
  state.attempt = undefined;
  state.waiting.clear();
  state.givenUp = 0;
  if (outcome instanceof Error) {
    state.connection = undefined;
    return done(outcome, null);
  }
  state.connection = outcome.connection;
  if (!mayStill()) outcome.connection.early?.endEarlyData();
  return done(null, outcome.socket);
}

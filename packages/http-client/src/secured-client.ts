import { TlsError, type ConnectionInfo } from '@org/tls-core';
import type { TlsSocket } from '@org/tls-core/node';
import { Client } from './undici.ts';
import type { buildConnector, Dispatcher } from 'undici';
import { securityRecord, type CallClient, type SecurityRecord } from './response-security.ts';
import { asError, type Connector } from './tls-connector.ts';

/** How many requests share an HTTP/2 connection, until the server's SETTINGS allow fewer (RFC 9113 §5.1.2). */
const http2Streams = 100;

/** A connection and the calls that wait for it. */
interface ConnectionState {
  secured: TlsSocket | undefined;
  isConnected: boolean;
  /** The attempt to connect that is under way. */
  attempt: AbortController | undefined;
  readonly waiting: Set<SecurityRecord>;
  /** How many of the calls that waited have been given up. */
  givenUp: number;
}

/** undici's client of one origin. It has one connection at a time and knows how that one is secured. */
export class SecuredClient extends Client implements CallClient {
  readonly #state: ConnectionState;

  constructor(origin: string | URL, options: Client.Options, connector: Connector) {
    const state: ConnectionState = {
      secured: undefined,
      isConnected: false,
      attempt: undefined,
      waiting: new Set(),
      givenUp: 0,
    };
    super(origin, {
      ...options,
      connect: (target, done) => void connectInto(state, connector(target, startAttempt(state)), done),
    });
    this.#state = state;
    let isForgotten = false;
    // undici sends one request at a time by default, but an HTTP/2 connection is there to be shared.
    const pipelining = options.pipelining ?? 1;
    this.on('connect', () => {
      state.isConnected = true;
      if (state.secured?.alpnProtocol === 'h2' && !isForgotten)
        this.pipelining = Math.max(pipelining, options.maxConcurrentStreams ?? http2Streams);
    });
    // undici's pool forgets a client whose connection failed, and still gives it requests that wait, one by one. Nobody else closes it.
    const closeWhenIdle = (): void =>
      process.nextTick(() => {
        if (isForgotten && !this.closed && !this.destroyed && this.stats.size === 0) void this.close();
      });
    this.on('connectionError', () => {
      isForgotten = true;
      closeWhenIdle();
    });
    this.on('drain', closeWhenIdle);
    this.on('disconnect', () => {
      state.isConnected = false;
      this.pipelining = pipelining;
    });
  }

  /** How the current connection is secured; `undefined` when there is none, or when it is plain HTTP. */
  get security(): ConnectionInfo | undefined {
    return this.#state.secured?.info;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const record = securityRecord(options);
    if (record !== undefined) {
      record.client = this;
      if (!this.#state.isConnected) this.#state.waiting.add(record);
    }
    return super.dispatch(options, handler);
  }

  /** Notes that a call is no longer wanted, and stops making a connection for which no other call waits. */
  giveUp(record: SecurityRecord): void {
    const state = this.#state;
    if (!state.waiting.delete(record)) return;
    state.givenUp += 1;
    if (state.givenUp === this.stats.size)
      state.attempt?.abort(new TlsError('ERR_TLS_ABORTED', 'the request was aborted'));
  }
}

function startAttempt(state: ConnectionState): AbortSignal {
  state.attempt = new AbortController();
  return state.attempt.signal;
}

async function connectInto(
  state: ConnectionState,
  connecting: ReturnType<Connector>,
  done: Parameters<buildConnector.connector>[1],
): Promise<void> {
  const outcome = await connecting.catch(asError);
  state.attempt = undefined;
  state.waiting.clear();
  state.givenUp = 0;
  if (outcome instanceof Error) {
    state.secured = undefined;
    return done(outcome, null);
  }
  state.secured = outcome.secured;
  return done(null, outcome.socket);
}

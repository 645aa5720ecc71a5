import { TlsError, type ConnectionInfo } from '@org/tls-core';
import type { Connection } from './connection.ts';
import { isFailedRequest, noteFailure, noteFailureOf } from './failed-request.ts';
import type { ConnectionPhase, ConnectionTimings } from './phase-clock.ts';
import type { HttpPhase } from './requests/http-client-error.ts';
import { PassingHandler, refuseDispatch, type Controller, type Handler } from './requests/passing-handler.ts';
import type { Route } from './routes/route.ts';
import { Dispatcher } from './undici.ts';
import { untilAborted } from './until-aborted.ts';
import { watchBody, type WatchedBody } from './watched-body.ts';

/** How the connection was secured that carried a response, which way it took, and how long that took. */
export interface ResponseSecurity extends ConnectionInfo {
  /** What became of this request as early data: `none` for those that came behind the handshake. */
  readonly earlyData: ConnectionInfo['earlyData'];
  /** The way to the origin: `direct`, a socket of the file system, or a proxy by its URL without credentials. */
  readonly route: Route;
  /** Whether the connection was there when the request was made. */
  readonly reused: boolean;
  readonly timings: ResponseTimings;
}

/** How long each step took, in milliseconds; `undefined`: there was no such step for this request. */
export interface ResponseTimings extends ConnectionTimings {
  /** From when the request was given to the connection to the first byte of its response. */
  readonly firstByte: number | undefined;
}

/** The client that handles a call's request at the moment. */
export interface CallClient {
  readonly host: string;
  readonly port: number;
  readonly connection: Connection | undefined;
  readonly connectingPhase: ConnectionPhase | undefined;
  giveUp(record: SecurityRecord): void;
  settled(record: SecurityRecord): void;
}

/** Follows one call through redirects and retries to the connection that served its last response. */
export interface SecurityRecord {
  /** Whether the call was given up: no connection is made for it any more. */
  isGivenUp: boolean;
  client: CallClient | undefined;
  /** The connection that was there when the request was made. */
  found: Connection | undefined;
  /** The connection that carried the request. */
  carriedBy: Connection | undefined;
  /** Whether the request was sent before the handshake was done. */
  wasEarly: boolean;
  /** Whether requests of this call may be sent so: a server has not said that it is too early. */
  mayBeEarly: boolean;
  /** When the request was given to the connection, and when its response began, in milliseconds of a monotonic clock. */
  sentAt: number;
  answeredAt: number | undefined;
  /** Whether a request of this call went to an `https:` origin. */
  wasSecured: boolean;
}

/** What is remembered of a response until somebody asks. */
type SecurityFacts = Pick<SecurityRecord, 'found' | 'carriedBy' | 'wasEarly' | 'sentAt' | 'answeredAt'>;

const recordKey: unique symbol = Symbol('@org/http-client/security-record');
type RecordedOptions = Dispatcher.DispatchOptions & { readonly [recordKey]?: SecurityRecord };

const factsByResult = new WeakMap<object, SecurityFacts>();
const securityByResult = new WeakMap<object, ResponseSecurity>();

/**
 * Tells how the connection was secured that carried a response, or the request that failed with an error.
 * @param result the very object that `fetch` or `request` of a client gave, not a clone of it, or what they rejected with
 * @returns `undefined` for plain HTTP, where there was no connection, and for what did not come from a client of this package
 */
export function securityOf(result: object): ResponseSecurity | undefined {
  const known = securityByResult.get(result);
  if (known !== undefined) return known;
  const facts = factsByResult.get(result);
  const security = facts && describe(facts);
  if (security !== undefined) securityByResult.set(result, security);
  return security;
}

function describe({ found, carriedBy, wasEarly, sentAt, answeredAt }: SecurityFacts): ResponseSecurity | undefined {
  const info = carriedBy?.info;
  if (carriedBy === undefined || info === undefined) return undefined;
  const reused = found === carriedBy;
  const ofConnection = reused ? noTimings : carriedBy.clock.timings;
  return Object.freeze({
    ...info,
    earlyData: wasEarly ? info.earlyData : 'none',
    route: carriedBy.route,
    reused,
    timings: Object.freeze({
      ...ofConnection,
      firstByte: answeredAt === undefined ? undefined : answeredAt - sentAt,
    }),
  });
}

const noTimings: ConnectionTimings = { lookup: undefined, connect: undefined, proxy: undefined, handshake: undefined };

/** Gives the record that travels with a request's options; interceptors copy it with the rest. */
export function securityRecord(options: Dispatcher.DispatchOptions): SecurityRecord | undefined {
  return (options as RecordedOptions)[recordKey];
}

/** Gives what is known of the connection of a request that is under way or has just ended. */
export function securityOfRequest(options: Dispatcher.DispatchOptions): ResponseSecurity | undefined {
  const record = securityRecord(options);
  return record && describe(record);
}

/** Gives the step that the connection is at which a request waits for; `undefined` where none is being made for it. */
export function connectingPhaseOf(options: Dispatcher.DispatchOptions): ConnectionPhase | undefined {
  return securityRecord(options)?.client?.connectingPhase;
}

/**
 * Tells whether a request may go as early data, which anybody can send again: it changes nothing, and has nothing but its headers (RFC 8470
 * §4, RFC 9110 §9.2.1).
 */
export function maySendEarly({ method, body, upgrade }: Dispatcher.DispatchOptions, record: SecurityRecord): boolean {
  const isBare =
    (body === undefined || body === null) && (upgrade === undefined || upgrade === null || upgrade === false);
  return record.mayBeEarly && isBare && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS');
}

/**
 * Runs one call over `base` and remembers for its response how it was secured.
 * @param signal makes the call reject at once when it aborts: undici looks at the signal of `request` only once there is a connection
 */
export async function recordSecurity<T extends object>(
  base: Dispatcher,
  signal: AbortSignal | undefined,
  call: (dispatcher: Dispatcher) => Promise<T>,
): Promise<T> {
  const record: SecurityRecord = {
    isGivenUp: false,
    client: undefined,
    found: undefined,
    carriedBy: undefined,
    wasEarly: false,
    mayBeEarly: true,
    sentAt: 0,
    answeredAt: undefined,
    wasSecured: false,
  };
  try {
    const response = await untilAborted(call(new RecordingDispatcher(base, record)), signal, () => {
      record.isGivenUp = true;
      record.client?.giveUp(record);
    });
    factsByResult.set(response, factsOf(record));
    return response;
  } catch (error) {
    if (error instanceof Error && error !== signal?.reason) {
      // what `fetch` rejects with is around the error that has been told
      if (isFailedRequest(error.cause)) noteFailureOf(error, error.cause);
      if (record.carriedBy !== undefined) factsByResult.set(error, factsOf(record));
    }
    throw error;
  }
}

function factsOf({ found, carriedBy, wasEarly, sentAt, answeredAt }: SecurityRecord): SecurityFacts {
  return { found, carriedBy, wasEarly, sentAt, answeredAt };
}

/** One of the innermost interceptors. It notes the connection when a response starts, and refuses a request that would leave TLS. */
export const securityInterceptor: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const record = securityRecord(options);
  const secured = isSecured(options.origin);
  if (!secured && record?.wasSecured !== false) {
    refuseDispatch(handler, leavesTls(options.origin, record !== undefined));
    return true;
  }
  if (record === undefined) return dispatch(options, handler);
  record.wasSecured ||= secured;
  const body = watchBody(options.body);
  const sent = body.body === (options.body ?? null) ? options : { ...options, body: body.body };
  return dispatch(sent, new SecurityHandler(handler, record, body));
};

export function isSecured(origin: string | URL | undefined): boolean {
  return String(origin).startsWith('https:');
}

/**
 * Makes the error for a request to `http:`. The bare dispatcher cannot tell which requests belong together, so that any of them may be a
 * redirect from `https:`.
 */
export function leavesTls(origin: string | URL | undefined, isCall: boolean): TlsError {
  const target = String(origin);
  return new TlsError(
    'ERR_TLS_CONFIG',
    isCall
      ? `redirect from https: to ${target} refused: it would leave TLS`
      : `${target} through the dispatcher refused: it may be a redirect that leaves TLS; use fetch or request`,
  );
}

/** Gives every request of one call the call's record. */
class RecordingDispatcher extends Dispatcher {
  readonly #base: Dispatcher;
  readonly #record: SecurityRecord;

  constructor(base: Dispatcher, record: SecurityRecord) {
    super();
    this.#base = base;
    this.#record = record;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const recorded: RecordedOptions = { ...options, [recordKey]: this.#record };
    return this.#base.dispatch(recorded, handler);
  }
}

/** Passes on all that happens to a request, and notes the connection that carries it, and where it fails. */
class SecurityHandler extends PassingHandler {
  readonly #record: SecurityRecord;
  readonly #body: WatchedBody;
  #isStarted = false;

  constructor(inner: Handler, record: SecurityRecord, body: WatchedBody) {
    super(inner);
    this.#record = record;
    this.#body = body;
    record.carriedBy = undefined;
    record.answeredAt = undefined;
  }

  override onRequestStart(controller: Controller, context: unknown): void {
    const record = this.#record;
    this.#isStarted = true;
    record.sentAt = performance.now();
    // A client has one connection at a time, so that this request goes over the one that is there now.
    record.carriedBy = record.client?.connection;
    record.wasEarly = record.carriedBy?.sendsEarly === true;
    super.onRequestStart(controller, context);
  }

  override onRequestUpgrade(...upgrade: Parameters<NonNullable<Handler['onRequestUpgrade']>>): void {
    this.#record.answeredAt = performance.now();
    this.#settle();
    super.onRequestUpgrade(...upgrade);
  }

  override onResponseStart(...start: Parameters<NonNullable<Handler['onResponseStart']>>): void {
    this.#record.answeredAt ??= performance.now();
    super.onResponseStart(...start);
  }

  override onResponseEnd(...end: Parameters<NonNullable<Handler['onResponseEnd']>>): void {
    this.#settle();
    super.onResponseEnd(...end);
  }

  override onResponseError(controller: Controller, error: Error): void {
    this.#settle();
    const { client, answeredAt, carriedBy } = this.#record;
    if (client !== undefined && this.#isStarted && error !== controller?.reason) {
      const { host, port } = client;
      noteFailure(error, { phase: this.#phase(answeredAt !== undefined, carriedBy?.isUnproven === true), host, port });
    }
    super.onResponseError(controller, error);
  }

  #phase(isAnswered: boolean, isInHandshake: boolean): HttpPhase {
    if (isInHandshake) return 'handshake';
    if (isAnswered) return 'body';
    return this.#body.isSent() ? 'headers' : 'request';
  }

  #settle(): void {
    this.#body.end();
    this.#record.client?.settled(this.#record);
  }
}

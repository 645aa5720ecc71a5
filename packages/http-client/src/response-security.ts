import { TlsError, type ConnectionInfo } from '@org/tls-core';
import { Dispatcher } from 'undici';
import { untilAborted } from './until-aborted.ts';

/** The client that has a call's request now. */
export interface CallClient {
  readonly security: ConnectionInfo | undefined;
  giveUp(record: SecurityRecord): void;
}

/** Follows one call through redirects and retries to the connection that served its last response. */
export interface SecurityRecord {
  client: CallClient | undefined;
  security: ConnectionInfo | undefined;
  /** A request of this call went to an `https:` origin. */
  wasSecured: boolean;
}

const recordKey: unique symbol = Symbol('@org/http-client/security-record');
type RecordedOptions = Dispatcher.DispatchOptions & { readonly [recordKey]?: SecurityRecord };

const securityByResponse = new WeakMap<object, ConnectionInfo>();

/**
 * How the connection was secured that carried a response.
 * @param response what `fetch` or `request` of a client gave: the very object, not a clone of it
 * @returns `undefined` for plain HTTP, and for a response that did not come from a client of this package
 */
export function securityOf(response: object): ConnectionInfo | undefined {
  return securityByResponse.get(response);
}

/** The record that travels with a request's options; interceptors copy it with the rest. */
export function securityRecord(options: Dispatcher.DispatchOptions): SecurityRecord | undefined {
  return (options as RecordedOptions)[recordKey];
}

/**
 * Runs one call over `base` and remembers for its response how it was secured.
 * @param signal when it aborts, the call rejects at once: undici looks at the signal of `request` only once there is a connection
 */
export async function recordSecurity<T extends object>(
  base: Dispatcher,
  signal: AbortSignal | undefined,
  call: (dispatcher: Dispatcher) => Promise<T>,
): Promise<T> {
  const record: SecurityRecord = { client: undefined, security: undefined, wasSecured: false };
  const response = await untilAborted(call(new RecordingDispatcher(base, record)), signal, () =>
    record.client?.giveUp(record),
  );
  if (record.security !== undefined) securityByResponse.set(response, record.security);
  return response;
}

/** The innermost interceptor: notes the connection when a response starts, and refuses a way out of TLS. */
export const securityInterceptor: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const record = securityRecord(options);
  const secured = isSecured(options.origin);
  if (!secured && record?.wasSecured !== false) {
    const refused = leavesTls(options.origin, record !== undefined);
    handler.onResponseError?.(stoppedBy(refused), refused);
    return true;
  }
  if (record === undefined) return dispatch(options, handler);
  record.wasSecured ||= secured;
  return dispatch(options, new SecurityHandler(handler, record));
};

function isSecured(origin: string | URL | undefined): boolean {
  return String(origin).startsWith('https:');
}

/** Behind the bare dispatcher nothing says which requests belong together: any to `http:` may be a redirect from `https:`. */
function leavesTls(origin: string | URL | undefined, isCall: boolean): TlsError {
  const target = String(origin);
  return new TlsError(
    'ERR_TLS_CONFIG',
    isCall
      ? `redirect from https: to ${target} refused: it would leave TLS`
      : `${target} through the dispatcher refused: it may be a redirect that leaves TLS; use fetch or request`,
  );
}

/** The controller of a request that was never sent. */
function stoppedBy(reason: Error): Dispatcher.DispatchController {
  return {
    aborted: true,
    paused: false,
    reason,
    abort: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  };
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

/** Passes everything on. */
class SecurityHandler implements Dispatcher.DispatchHandler {
  readonly #inner: Dispatcher.DispatchHandler;
  readonly #record: SecurityRecord;

  constructor(inner: Dispatcher.DispatchHandler, record: SecurityRecord) {
    this.#inner = inner;
    this.#record = record;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#inner.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>): void {
    this.#record.security = this.#record.client?.security;
    this.#inner.onRequestUpgrade?.(...upgrade);
  }

  onResponseStart(...start: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>): void {
    // A client has one connection at a time, so the one that is there now is the one these headers came over.
    this.#record.security = this.#record.client?.security;
    this.#inner.onResponseStart?.(...start);
  }

  onResponseData(...chunk: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseData']>>): void {
    this.#inner.onResponseData?.(...chunk);
  }

  onResponseEnd(...end: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>): void {
    this.#inner.onResponseEnd?.(...end);
  }

  onResponseError(...failure: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseError']>>): void {
    this.#inner.onResponseError?.(...failure);
  }
}

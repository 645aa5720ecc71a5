import { TlsError, type ConnectionInfo } from '@org/tls-core';
import { Dispatcher } from './undici.ts';
import { untilAborted } from './until-aborted.ts';

/** The client that handles a call's request at the moment. */
export interface CallClient {
  readonly security: ConnectionInfo | undefined;
  giveUp(record: SecurityRecord): void;
}

/** Follows one call through redirects and retries to the connection that served its last response. */
export interface SecurityRecord {
  client: CallClient | undefined;
  security: ConnectionInfo | undefined;
  /** Whether a request of this call went to an `https:` origin. */
  wasSecured: boolean;
}

const recordKey: unique symbol = Symbol('@org/http-client/security-record');
type RecordedOptions = Dispatcher.DispatchOptions & { readonly [recordKey]?: SecurityRecord };

const securityByResponse = new WeakMap<object, ConnectionInfo>();

/**
 * Tells how the connection was secured that carried a response.
 * @param response the very object that `fetch` or `request` of a client gave, not a clone of it
 * @returns `undefined` for plain HTTP, and for a response that did not come from a client of this package
 */
export function securityOf(response: object): ConnectionInfo | undefined {
  return securityByResponse.get(response);
}

/** Gives the record that travels with a request's options; interceptors copy it with the rest. */
export function securityRecord(options: Dispatcher.DispatchOptions): SecurityRecord | undefined {
  return (options as RecordedOptions)[recordKey];
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
  const record: SecurityRecord = { client: undefined, security: undefined, wasSecured: false };
  const response = await untilAborted(call(new RecordingDispatcher(base, record)), signal, () =>
    record.client?.giveUp(record),
  );
  if (record.security !== undefined) securityByResponse.set(response, record.security);
  return response;
}

/** The innermost interceptor. It notes the connection when a response starts, and refuses a request that would leave TLS. */
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

/**
 * Makes the error for a request to `http:`. The bare dispatcher cannot tell which requests belong together, so that any of them may be a
 * redirect from `https:`.
 */
function leavesTls(origin: string | URL | undefined, isCall: boolean): TlsError {
  const target = String(origin);
  return new TlsError(
    'ERR_TLS_CONFIG',
    isCall
      ? `redirect from https: to ${target} refused: it would leave TLS`
      : `${target} through the dispatcher refused: it may be a redirect that leaves TLS; use fetch or request`,
  );
}

/** Makes the controller of a request that was never sent. */
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

/** Passes on all that happens to a request, and notes the connection when the response's headers arrive. */
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
    // A client has one connection at a time, so that these headers came over the one that is there now.
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

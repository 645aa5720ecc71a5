import type { ConnectionSource } from './call-connection.ts';
import { callOf, type Call } from './call.ts';
import {
  PassingHandler,
  type Controller,
  type Handler,
  type Interceptor,
  type ResponseHeaders,
} from './passing-handler.ts';

/** The outermost stage: it gives each request the call’s timeouts, and tells the call what becomes of the request. */
export const observedRequests =
  (connectingPhaseOf: ConnectionSource['connectingPhaseOf']): Interceptor =>
  (dispatch) =>
  (options, handler) => {
    const call = callOf(options);
    if (call === undefined) return dispatch(options, handler);
    call.requestBegins(() => connectingPhaseOf(options));
    const hasBody = options.body !== undefined && options.body !== null;
    const { responseTimeouts } = call.settings;
    const timed = responseTimeouts === undefined ? options : { ...responseTimeouts, ...options };
    return dispatch(timed, new ObservingHandler(handler, call, hasBody));
  };

class ObservingHandler extends PassingHandler {
  readonly #call: Call;
  readonly #hasBody: boolean;
  #isOver = false;

  constructor(inner: Handler, call: Call, hasBody: boolean) {
    super(inner);
    this.#call = call;
    this.#hasBody = hasBody;
  }

  override onRequestStart(controller: Controller, context: unknown): void {
    this.#call.requestIsAt(this.#hasBody ? 'request' : 'headers');
    super.onRequestStart(controller, context);
  }

  override onResponseStart(controller: Controller, status: number, headers: ResponseHeaders, message?: string): void {
    if (status >= 200) this.#call.requestIsAt('body');
    super.onResponseStart(controller, status, headers, message);
  }

  override onResponseEnd(controller: Controller, trailers: ResponseHeaders): void {
    super.onResponseEnd(controller, trailers);
    this.#end();
  }

  override onResponseError(controller: Controller, error: Error): void {
    nameThePhase(error, this.#call);
    super.onResponseError(controller, error);
    this.#end(error);
  }

  #end(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#call.requestEnds(error);
  }
}

/** undici's timeouts say what was late by their names only. An error that names its phase keeps it. */
function nameThePhase(error: Error, call: Call): void {
  const known = error as { readonly code?: unknown; phase?: unknown };
  if (known.phase !== undefined) return;
  if (known.code === 'UND_ERR_HEADERS_TIMEOUT') known.phase = 'headers';
  else if (known.code === 'UND_ERR_BODY_TIMEOUT') known.phase = 'body';
  else if (call.requestPhase !== undefined && Object.isExtensible(error)) known.phase = call.requestPhase;
}

import type { Dispatcher } from 'undici';

export type Controller = Dispatcher.DispatchController;
export type Handler = Dispatcher.DispatchHandler;
export type Interceptor = Dispatcher.DispatcherComposeInterceptor;
export type ResponseHeaders = Parameters<NonNullable<Handler['onResponseStart']>>[2];

/** Passes on all that happens to a request. What extends it looks at a part of that, or changes it. */
export class PassingHandler implements Handler {
  readonly #inner: Handler;

  constructor(inner: Handler) {
    this.#inner = inner;
  }

  /** It may be called more than once: undici starts a request anew when its connection went before it was sent. */
  onRequestStart(controller: Controller, context: unknown): void {
    this.#inner.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<Handler['onRequestUpgrade']>>): void {
    this.#inner.onRequestUpgrade?.(...upgrade);
  }

  /** It is called for each informational response (1xx), and for the response itself. */
  onResponseStart(controller: Controller, status: number, headers: ResponseHeaders, message?: string): void {
    this.#inner.onResponseStart?.(controller, status, headers, message);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#inner.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: Controller, trailers: ResponseHeaders): void {
    this.#inner.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Controller, error: Error): void {
    this.#inner.onResponseError?.(controller, error);
  }
}

/** Fails a request that was not dispatched. */
export function refuseDispatch(handler: Handler, reason: Error): void {
  const nothing = (): void => undefined;
  const controller = { aborted: true, paused: false, reason, abort: nothing, pause: nothing, resume: nothing };
  handler.onResponseError?.(controller, reason);
}

import { isTlsError, type TlsError } from '@org/tls-core';
import type { Dispatcher } from 'undici';
import { securityRecord, type SecurityRecord } from './response-security.ts';

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;
type Started = Parameters<NonNullable<Handler['onResponseStart']>>;

/** The server is not willing to act on what may be a replay (RFC 8470 §5.2). */
const tooEarly = 425;

/** A longer answer of 425, in bytes, is passed on: to read it to its end, so that its connection can be used again, would not be worth it. */
const mostWithheld = 2 ** 16;

/**
 * Makes a request once more where it came too early: once, without early data, and only what can be sent again.
 * - The server answered 425 (RFC 8470 §5.2). It may do so where the client sent no early data, because a gateway did.
 * - The connection ended in its handshake, with early data on it (RFC 8446 §D.3). No request of it was answered.
 */
export const repeatTooEarly: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const record = securityRecord(options);
  if (record === undefined || !isRepeatable(options.body)) return dispatch(options, handler);
  const again = (): void => {
    record.mayBeEarly = false;
    dispatch(options, handler);
  };
  return dispatch(options, new TooEarlyHandler(handler, record, again));
};

/** A stream has been read when the answer comes. */
function isRepeatable(body: unknown): boolean {
  return body === undefined || body === null || typeof body === 'string' || body instanceof Uint8Array;
}

/** Passes on all that happens to a request, unless it is made once more. */
class TooEarlyHandler implements Handler {
  readonly #inner: Handler;
  readonly #record: SecurityRecord;
  readonly #again: () => void;
  /** An answer that is not passed on; `undefined`: all is. */
  #withheld: { readonly start: Started; readonly chunks: Buffer[]; length: number } | undefined;

  constructor(inner: Handler, record: SecurityRecord, again: () => void) {
    this.#inner = inner;
    this.#record = record;
    this.#again = again;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#inner.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<Handler['onRequestUpgrade']>>): void {
    this.#inner.onRequestUpgrade?.(...upgrade);
  }

  onResponseStart(...start: Started): void {
    const [, status] = start;
    if (status === tooEarly) this.#withheld = { start, chunks: [], length: 0 };
    else this.#inner.onResponseStart?.(...start);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    const withheld = this.#withheld;
    if (withheld === undefined) {
      this.#inner.onResponseData?.(controller, chunk);
      return;
    }
    withheld.chunks.push(chunk);
    withheld.length += chunk.length;
    if (withheld.length <= mostWithheld) return;
    this.#withheld = undefined;
    this.#inner.onResponseStart?.(...withheld.start);
    for (const each of withheld.chunks) this.#inner.onResponseData?.(controller, each);
  }

  onResponseEnd(...end: Parameters<NonNullable<Handler['onResponseEnd']>>): void {
    if (this.#withheld === undefined) this.#inner.onResponseEnd?.(...end);
    else this.#repeat();
  }

  onResponseError(controller: Controller, error: Error): void {
    if (this.#isLostEarly(error)) this.#repeat();
    else this.#inner.onResponseError?.(controller, error);
  }

  #isLostEarly(error: Error): boolean {
    const { wasEarly, carriedBy } = this.#record;
    return wasEarly && carriedBy?.isUnproven === true && isTlsError(error) && isByPeer(error);
  }

  /** undici is in the middle of the end of this request. */
  #repeat(): void {
    queueMicrotask(this.#again);
  }
}

/** Tells whether early data may be the reason of a failure. What the server proved to be, a time-out and the program's abort are others. */
function isByPeer({ code, family }: TlsError): boolean {
  if (code === 'ERR_TLS_TIMEOUT' || code === 'ERR_TLS_ABORTED') return false;
  return family !== 'certificate' && family !== 'misuse' && family !== 'backend';
}

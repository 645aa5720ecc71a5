import { isTlsError, type TlsError } from '@org/tls-core';
import type { Dispatcher } from 'undici';
import { PassingHandler, type Controller, type Handler } from './requests/passing-handler.ts';
import { securityRecord, type SecurityRecord } from './response-security.ts';

type Started = Parameters<NonNullable<Handler['onResponseStart']>>;

/** The server is not willing to act on what may be a replay (RFC 8470 §5.2). */
const tooEarly = 425;

/** A longer answer of 425, in bytes, is passed on: to read it to its end, so that its connection can be used again, would not be worth it. */
const mostWithheld = 2 ** 16;

/**
 * So often a request is made in all where its stream is refused. A burst comes before the SETTINGS that say how many streams there may be. And
 * behind a server that ends each connection after ten requests, as nginx can, a fifth to a third of the requests that are made again are left out
 * again: of 600, five came to a fourth attempt. A server that refuses all has nothing done, and each attempt costs it a stream.
 */
const mostAttempts = 20;

/**
 * Makes a request once more where the server says that it has not acted on it, and where it can be sent again.
 * - Its stream was refused (RFC 9113 §8.7): by RST_STREAM, or by a GOAWAY that leaves it out.
 * - The server answered 425 (RFC 8470 §5.2). It may do so where the client sent no early data, because a gateway did.
 * - The connection ended in its handshake, with early data on it (RFC 8446 §D.3). No request of it was answered.
 */
export const repeatUnprocessed: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const record = securityRecord(options);
  if (record === undefined || !isRepeatable(options.body)) return dispatch(options, handler);
  let attempts = 0;
  const send = (isTooEarly: boolean): boolean => {
    attempts += 1;
    if (isTooEarly) record.mayBeEarly = false;
    const rules = { mayBeTooEarly: !isTooEarly, mayBeRefused: attempts < mostAttempts };
    return dispatch(options, new RepeatingHandler(handler, record, rules, send));
  };
  return send(false);
};

/** A stream has been read when the answer comes. */
function isRepeatable(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string' || body instanceof Uint8Array) return true;
  return ['[object Blob]', '[object File]', '[object FormData]'].includes(Object.prototype.toString.call(body));
}

/** Why a request may still be made once more. */
interface RepeatRules {
  readonly mayBeTooEarly: boolean;
  readonly mayBeRefused: boolean;
}

/** Passes on all that happens to a request, unless it is made once more. */
class RepeatingHandler extends PassingHandler {
  readonly #record: SecurityRecord;
  readonly #rules: RepeatRules;
  readonly #send: (isTooEarly: boolean) => void;
  /** An answer that is not passed on; `undefined`: all is. */
  #withheld: { readonly start: Started; readonly chunks: Buffer[]; length: number } | undefined;

  constructor(inner: Handler, record: SecurityRecord, rules: RepeatRules, send: (isTooEarly: boolean) => void) {
    super(inner);
    this.#record = record;
    this.#rules = rules;
    this.#send = send;
  }

  override onResponseStart(...start: Started): void {
    const [, status] = start;
    if (status === tooEarly && this.#rules.mayBeTooEarly) this.#withheld = { start, chunks: [], length: 0 };
    else super.onResponseStart(...start);
  }

  override onResponseData(controller: Controller, chunk: Buffer): void {
    const withheld = this.#withheld;
    if (withheld === undefined) {
      super.onResponseData(controller, chunk);
      return;
    }
    withheld.chunks.push(chunk);
    withheld.length += chunk.length;
    if (withheld.length <= mostWithheld) return;
    this.#withheld = undefined;
    super.onResponseStart(...withheld.start);
    for (const each of withheld.chunks) super.onResponseData(controller, each);
  }

  override onResponseEnd(...end: Parameters<NonNullable<Handler['onResponseEnd']>>): void {
    if (this.#withheld === undefined) super.onResponseEnd(...end);
    else this.#repeat(true);
  }

  override onResponseError(controller: Controller, error: Error): void {
    if (this.#isLostEarly(error)) this.#repeat(true);
    else if (this.#rules.mayBeRefused && isRefused(error)) this.#repeat(!this.#rules.mayBeTooEarly);
    else super.onResponseError(controller, error);
  }

  #isLostEarly(error: Error): boolean {
    const { wasEarly, carriedBy } = this.#record;
    return (
      this.#rules.mayBeTooEarly && wasEarly && carriedBy?.isUnproven === true && isTlsError(error) && isByPeer(error)
    );
  }

  /** undici is in the middle of the end of this request, and of others that a GOAWAY leaves out, behind which it says that it is there. */
  #repeat(isTooEarly: boolean): void {
    setImmediate(() => this.#send(isTooEarly));
  }
}

/**
 * node:http2 says it so for RST_STREAM, and for a stream that a GOAWAY leaves out. Where the GOAWAY is there before the HEADERS frame (type 1) is
 * sent, it says that this frame was not.
 */
function isRefused(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_HTTP2_STREAM_ERROR') return error.message.includes('NGHTTP2_REFUSED_STREAM');
  return code === 'UND_ERR_INFO' && error.message.includes('"frameError" received - type 1,');
}

/** Tells whether early data may be the reason of a failure. What the server proved to be, a time-out and the program's abort are others. */
function isByPeer({ code, family }: TlsError): boolean {
  if (code === 'ERR_TLS_TIMEOUT' || code === 'ERR_TLS_ABORTED') return false;
  return family !== 'certificate' && family !== 'misuse' && family !== 'backend';
}

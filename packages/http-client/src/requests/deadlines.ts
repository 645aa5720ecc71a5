import { optionNames, ownOptions } from '@org/tls-core/backend';
import type { Call } from './call.ts';
import { HttpClientError } from './http-client-error.ts';
import type { ResponseTimeouts } from './observed-requests.ts';
import { checkMilliseconds } from './option-checks.ts';

/** How long a call may take, in milliseconds. Making the connection is bounded by `connectTimeout` and `handshakeTimeout` of the client. */
export interface TimeoutOptions {
  /** The whole call, from its start through redirects and retries to the last byte of the body; default: no bound. */
  readonly total?: number;
  /** From the request to the end of the response's headers; default: undici's 300 seconds; 0: no bound. */
  readonly headers?: number;
  /** Between two parts of the body; default: undici's 300 seconds; 0: no bound. */
  readonly body?: number;
}

/** @throws TypeError on an unknown option; RangeError on one that is no number of milliseconds */
export function readTimeouts(given: number | TimeoutOptions = {}): TimeoutOptions {
  const options = typeof given === 'number' ? { total: given } : ownOptions(given, known, 'timeout');
  for (const [name, value] of Object.entries(options) as [string, number][])
    checkMilliseconds(`timeout.${name}`, value);
  if (options.total === 0) throw new RangeError('timeout.total: expected at least one millisecond, got 0');
  return options;
}

/** Gives undici's names for the timeouts that undici keeps. */
export function responseTimeouts({ headers, body }: TimeoutOptions): ResponseTimeouts {
  return {
    ...(headers !== undefined && { headersTimeout: headers }),
    ...(body !== undefined && { bodyTimeout: body }),
  };
}

/**
 * Gives a signal that aborts with the call's own, or when the call has taken too long; the error then names the phase that the call was in.
 * Timer and listener are gone when the call has ended.
 */
export function deadlineOf(
  call: Call,
  total: number | undefined,
  own: AbortSignal | undefined,
): AbortSignal | undefined {
  if (total === undefined) return own;
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const { phase } = call;
    const message = `the call took more than ${total} ms; it was at the phase ${phase}`;
    controller.abort(new HttpClientError('ERR_HTTP_CLIENT_TIMEOUT', message, { phase }));
  }, total);
  const follow = (): void => controller.abort(own?.reason);
  own?.addEventListener('abort', follow, { once: true });
  if (own?.aborted === true) follow();
  call.whenEnded(() => {
    clearTimeout(timer);
    own?.removeEventListener('abort', follow);
  });
  return controller.signal;
}

const known = optionNames<TimeoutOptions>({ total: true, headers: true, body: true });

import { optionNames, ownOptions } from '@org/tls-core/backend';
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

/** How long undici waits for parts of a response, in milliseconds. */
export interface ResponseTimeouts {
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
}

/** Gives undici’s names for the timeouts that undici keeps; `undefined` where it keeps its own. */
export function responseTimeoutsOf({ headers, body }: TimeoutOptions): ResponseTimeouts | undefined {
  if (headers === undefined && body === undefined) return undefined;
  return {
    ...(headers !== undefined && { headersTimeout: headers }),
    ...(body !== undefined && { bodyTimeout: body }),
  };
}

const known = optionNames<TimeoutOptions>({ total: true, headers: true, body: true });

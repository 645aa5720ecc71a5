import { isTlsError } from '@org/tls-core';
import { optionNames, ownOptions } from '@org/tls-core/backend';
import { checkCount, checkMilliseconds } from './option-checks.ts';

/** When a call is made anew. */
export interface RetryOptions {
  /** How often a call is made anew at most; default 2, at most 20. */
  readonly limit?: number;
  /** The methods that may be repeated; default: the idempotent ones (RFC 9110 §9.2.2), which are GET, HEAD, OPTIONS, TRACE, PUT and DELETE. */
  readonly methods?: readonly string[];
  /** The statuses that a call is made anew for; default 408, 429, 500, 502, 503 and 504. */
  readonly statusCodes?: readonly number[];
  /** The delay before the first repetition in milliseconds, which each further one doubles; default 300. */
  readonly baseDelay?: number;
  /** The longest delay of our own in milliseconds; default 10,000. */
  readonly maxDelay?: number;
  /** The longest `Retry-After` that is waited for, in milliseconds; default 60,000. After a longer one the response is the caller's. */
  readonly maxRetryAfter?: number;
}

export type RetryRules = Required<RetryOptions>;

const defaults: RetryRules = {
  limit: 2,
  methods: ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'],
  statusCodes: [408, 429, 500, 502, 503, 504],
  baseDelay: 300,
  maxDelay: 10_000,
  maxRetryAfter: 60_000,
};

/** No repetition by itself; a hook may still ask for some. */
const none: RetryRules = { ...defaults, methods: [], statusCodes: [] };

/** Codes of what may go away by itself. All else is final: above all what a certificate, the configuration or the caller has caused. */
const passing: ReadonlySet<unknown> = new Set([
  'ERR_TLS_TRANSPORT',
  'ERR_TLS_TRUNCATED',
  'ERR_TLS_TIMEOUT',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_STREAM_ERROR',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETDOWN',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EHOSTUNREACH',
]);

/** What a proxy answers that has found no way to the origin for now (RFC 9110 §15.6). */
const passingProxyStatuses: ReadonlySet<unknown> = new Set([502, 503, 504]);

/** Families of TLS errors that a transport's error may have as its cause, and which no repetition mends. */
const finalFamilies: ReadonlySet<unknown> = new Set(['certificate', 'misuse', 'backend']);

/**
 * @throws TypeError on an unknown option or a list that is none
 * @throws RangeError on a number out of range
 */
export function readRetries(given: boolean | number | RetryOptions = false): RetryRules {
  if (given === false) return none;
  const options =
    given === true ? {} : typeof given === 'number' ? { limit: given } : ownOptions(given, known, 'retry');
  const rules = { ...defaults, ...options };
  checkCount('retry.limit', rules.limit, 20);
  for (const name of ['baseDelay', 'maxDelay', 'maxRetryAfter'] as const)
    checkMilliseconds(`retry.${name}`, rules[name]);
  for (const name of ['methods', 'statusCodes'] as const)
    if (!Array.isArray(rules[name])) throw new TypeError(`retry.${name}: expected a list`);
  return { ...rules, methods: rules.methods.map((method) => method.toUpperCase()) };
}

/** Tells whether an error is one that may go away by itself. */
export function isPassing(error: unknown): boolean {
  const root: unknown = error instanceof TypeError && error.cause !== undefined ? error.cause : error;
  const { code, status } = (root ?? {}) as { readonly code?: unknown; readonly status?: unknown };
  const isPassingCode = code === 'ERR_TLS_PROXY' ? passingProxyStatuses.has(status) : passing.has(code);
  return isPassingCode && !causes(root).some(isFinal);
}

/**
 * Gives the milliseconds to wait before a repetition: what `Retry-After` asks for, or a random part of a delay that doubles, so that many
 * clients do not come back at once.
 * @param count how often the call has been made anew
 * @returns `undefined` when the server asks for more patience than the rules have
 */
export function delayBefore(rules: RetryRules, count: number, retryAfter: string | undefined): number | undefined {
  const asked = retryAfter === undefined ? undefined : millisecondsOf(retryAfter);
  if (asked !== undefined) return asked <= rules.maxRetryAfter ? asked : undefined;
  const longest = Math.min(rules.maxDelay, rules.baseDelay * 2 ** count);
  return longest * (0.5 + Math.random() / 2);
}

/** Waits, unless a signal aborts. Then it is for the caller to see why. */
export async function pause(delay: number, signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  if (signals.some((signal) => signal?.aborted === true)) return;
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', stop);
      resolve();
    };
    const timer = setTimeout(stop, delay);
    for (const signal of signals) signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Reads seconds or a date (RFC 9110 §10.2.3). What is neither is no wish. */
function millisecondsOf(retryAfter: string): number | undefined {
  if (/^\d+$/u.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let each = error; each instanceof Error && chain.length < 8; each = each.cause) chain.push(each);
  return chain;
}

function isFinal(error: unknown): boolean {
  return isTlsError(error) && finalFamilies.has(error.family);
}

const known = optionNames<RetryOptions>({
  limit: true,
  methods: true,
  statusCodes: true,
  baseDelay: true,
  maxDelay: true,
  maxRetryAfter: true,
});

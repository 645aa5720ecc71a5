import { optionNames, ownOptions } from '@org/tls-core/backend';
import type { Headers } from 'undici';
import type { Redirect } from './hops.ts';
import { checkFunction } from './option-checks.ts';

/** A call as hooks see it. */
export interface HookedCall {
  readonly method: string;
  readonly url: string;
  /** The headers of the next attempt. `beforeRequest` and `beforeRetry` may change them. */
  readonly headers: Headers;
  /** How often the call has been made anew. */
  readonly retryCount: number;
}

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Headers;
}

/** Why a call is made anew. */
export type RetryReason = { readonly response: ResponseHead } | { readonly error: unknown };

type Awaitable<T> = T | Promise<T>;

/**
 * Functions that a client calls on the way of each call, in the order of this list. Each may be asynchronous, and the call waits for it. What
 * one throws is the call's error.
 */
export interface Hooks {
  /** Comes before the first attempt. */
  readonly beforeRequest?: (call: HookedCall) => Awaitable<void>;
  /** Comes before a redirect is followed, by `fetch` and `request`. */
  readonly beforeRedirect?: (redirect: Redirect) => Awaitable<void>;
  /** Comes with the head of each attempt's response. `'retry'` makes the call anew, as often as `retry.limit` lets it, whatever its method. */
  readonly afterResponse?: (response: ResponseHead, call: HookedCall) => Awaitable<'retry' | undefined | void>;
  /** Comes before the call is made anew, after the delay. */
  readonly beforeRetry?: (call: HookedCall, reason: RetryReason) => Awaitable<void>;
  /** Comes before the call rejects. An error that it gives takes the other's place. */
  readonly beforeError?: (error: Error, call: HookedCall) => Awaitable<Error | undefined | void>;
}

/** @throws TypeError on an unknown hook, and on one that is no function */
export function readHooks(given: Hooks = {}): Hooks {
  const hooks = ownOptions(given, known, 'hooks');
  for (const name of known) checkFunction(`hooks.${name}`, hooks[name]);
  return hooks;
}

/** Asks whether a hook wants the call to be made anew. */
export async function asksForRetry(hooks: Hooks, response: ResponseHead, call: HookedCall): Promise<boolean> {
  const answer = await hooks.afterResponse?.(response, call);
  if (answer === undefined || answer === 'retry') return answer === 'retry';
  throw new TypeError(`hooks.afterResponse: expected 'retry' or nothing, got ${typeof answer}`);
}

/** Gives the error that a call rejects with. */
export async function errorAfterHook(hooks: Hooks, error: unknown, call: HookedCall): Promise<unknown> {
  if (hooks.beforeError === undefined || !(error instanceof Error)) return error;
  const other = await hooks.beforeError(error, call);
  if (other === undefined || other instanceof Error) return other ?? error;
  throw new TypeError(`hooks.beforeError: expected an Error or nothing, got ${typeof other}`);
}

const known = optionNames<Hooks>({
  beforeRequest: true,
  beforeRedirect: true,
  afterResponse: true,
  beforeRetry: true,
  beforeError: true,
});

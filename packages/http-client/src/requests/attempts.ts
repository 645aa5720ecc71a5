import type { Headers } from 'undici';
import { untilAborted } from '../until-aborted.ts';
import type { Call } from './call.ts';
import {
  asksForRetry,
  errorAfterHook,
  type HookedCall,
  type Hooks,
  type ResponseHead,
  type RetryReason,
} from './hooks.ts';
import { delayBefore, isPassing, pause, type RetryRules } from './retries.ts';

/** How one attempt of a call is made, and what its response is like. */
export interface Attempt<T> {
  /** Gives the headers that the program wants to be sent. */
  headers(): Headers;
  /** Whether the body can be sent more than once. */
  readonly canRepeat: boolean;
  /** @param changed the headers that hooks have seen; `undefined` where there are no hooks */
  send(signal: AbortSignal | undefined, changed: Headers | undefined): Promise<T>;
  statusOf(response: T): number;
  headersOf(response: T): Headers;
  discard(response: T): Promise<void>;
}

export interface Attempts<T> {
  readonly call: Call;
  readonly signal: AbortSignal | undefined;
  /** Aborts when the client takes no more requests: no delay is waited for then. */
  readonly closed: AbortSignal;
  readonly rules: RetryRules;
  readonly hooks: Hooks;
  readonly attempt: Attempt<T>;
}

/** Makes a call, and makes it anew while the rules or a hook want that. */
export function runAttempts<T extends object>(attempts: Attempts<T>): Promise<T> {
  const { call, signal, rules, hooks, attempt } = attempts;
  const hasHooks = Object.keys(hooks).length > 0;
  if (hasHooks || rules.methods.length > 0) return runRepeated(attempts, hasHooks);
  // most calls are made once, whatever becomes of them
  call.attemptBegins();
  return attempt.send(signal, undefined);
}

async function runRepeated<T extends object>(attempts: Attempts<T>, hasHooks: boolean): Promise<T> {
  const { call, hooks, attempt } = attempts;
  const seen = { method: call.method, url: call.url, retryCount: 0 };
  const hooked: HookedCall | undefined = hasHooks ? Object.assign(seen, { headers: attempt.headers() }) : undefined;
  try {
    if (hooked !== undefined) await inTime(attempts.signal, hooks.beforeRequest?.(hooked));
    for (;;) {
      const outcome = await oneAttempt(attempts, hooked);
      const delay = await delayOf(attempts, outcome, seen.retryCount, hooked);
      if (delay === undefined) return answerOf(outcome);
      const reason: RetryReason =
        'response' in outcome ? { response: headOf(attempt, outcome.response) } : { error: outcome.error };
      if ('response' in outcome) await attempt.discard(outcome.response);
      await pause(delay, [attempts.signal, attempts.closed]);
      seen.retryCount += 1;
      if (hooked !== undefined) await inTime(attempts.signal, hooks.beforeRetry?.(hooked, reason));
    }
  } catch (error) {
    throw hooked === undefined ? error : await errorAfterHook(hooks, error, hooked);
  }
}

type Outcome<T> = { readonly response: T } | { readonly error: unknown };

async function oneAttempt<T extends object>(
  { call, attempt, signal }: Attempts<T>,
  hooked: HookedCall | undefined,
): Promise<Outcome<T>> {
  call.attemptBegins();
  try {
    return { response: await attempt.send(signal, hooked?.headers) };
  } catch (error) {
    return { error };
  }
}

function answerOf<T>(outcome: Outcome<T>): T {
  if ('response' in outcome) return outcome.response;
  throw outcome.error;
}

/** Gives the milliseconds until the next attempt; `undefined` when there is none. */
async function delayOf<T extends object>(
  { call, rules, hooks, attempt, signal, closed }: Attempts<T>,
  outcome: Outcome<T>,
  count: number,
  hooked: HookedCall | undefined,
): Promise<number | undefined> {
  const response = 'response' in outcome ? outcome.response : undefined;
  const mayAsk = response !== undefined && hooked !== undefined && hooks.afterResponse !== undefined;
  const isAsked = mayAsk && (await inTime(signal, asksForRetry(hooks, headOf(attempt, response), hooked)));
  if (count >= rules.limit || signal?.aborted === true || closed.aborted) return undefined;
  if (isAsked && !attempt.canRepeat)
    throw new TypeError('hooks.afterResponse: asked for a retry of a call whose body cannot be sent again');
  if (isAsked) return 0;
  if (!attempt.canRepeat || !rules.methods.includes(call.method)) return undefined;
  if ('error' in outcome) return isPassing(outcome.error) ? delayBefore(rules, count, undefined) : undefined;
  if (!rules.statusCodes.includes(attempt.statusOf(outcome.response))) return undefined;
  return delayBefore(rules, count, attempt.headersOf(outcome.response).get('retry-after') ?? undefined);
}

/** Waits for a hook, but no longer than for the call. */
async function inTime<Answer>(signal: AbortSignal | undefined, answer: Answer | Promise<Answer>): Promise<Answer> {
  return answer instanceof Promise ? untilAborted(answer, signal, () => undefined) : answer;
}

function headOf<T>(attempt: Attempt<T>, response: T): ResponseHead {
  return { status: attempt.statusOf(response), headers: attempt.headersOf(response) };
}

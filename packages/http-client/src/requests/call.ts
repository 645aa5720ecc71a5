import type { Dispatcher } from 'undici';
import type { HttpPhase } from './http-client-error.ts';

/**
 * Where a response came from: `miss` is the server, `hit` the cache, `revalidated` the cache after the server had said that it is still good,
 * and `shared` another call's request that was under way.
 */
export type CacheStatus = 'miss' | 'hit' | 'revalidated' | 'shared';

/** What is known of one call while it runs, from its first attempt to the end of its last body. */
export class Call {
  readonly method: string;
  readonly url: string;
  /** How far the current request has come. */
  phase: HttpPhase = 'connect';
  /** How far the current request has come: to the cache, or to the server. */
  reached: CacheStatus = 'miss';
  /** Where the last response came from. */
  cacheStatus: CacheStatus = 'miss';
  #open = 0;
  #isSettled = false;
  #isEnded = false;
  readonly #onEnd: ((error: Error | undefined) => void)[] = [];
  #error: Error | undefined;

  constructor(method: string, url: string) {
    this.method = method.toUpperCase();
    this.url = url;
  }

  /** Calls back once when nothing of the call is left: neither a request under way nor a body. */
  whenEnded(act: (error: Error | undefined) => void): void {
    this.#onEnd.push(act);
  }

  requestBegins(): void {
    this.#open += 1;
    this.phase = 'connect';
  }

  requestEnds(error?: Error): void {
    this.#open -= 1;
    this.#error = error;
    this.#endIfOver();
  }

  /** The caller has its response, and reads its body now. */
  answered(): void {
    this.#isSettled = true;
    this.#endIfOver();
  }

  /** The caller has its error. What is still under way is nobody's. */
  failed(error: Error): void {
    this.#error = error;
    this.#isSettled = true;
    this.#open = 0;
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (this.#isEnded || !this.#isSettled || this.#open > 0) return;
    this.#isEnded = true;
    for (const act of this.#onEnd) act(this.#error);
  }
}

const callKey: unique symbol = Symbol('@org/http-client/call');
type OptionsOfCall = Dispatcher.DispatchOptions & { readonly [callKey]?: Call };

/** Gives the call that a request belongs to; interceptors copy it with the other options. */
export function callOf(options: Dispatcher.DispatchOptions): Call | undefined {
  return (options as OptionsOfCall)[callKey];
}

/** Gives the options of a request with the call that it belongs to. */
export function withCall(options: Dispatcher.DispatchOptions, call: Call): Dispatcher.DispatchOptions {
  const owned: OptionsOfCall = { ...options, [callKey]: call };
  return owned;
}

import { Dispatcher } from '../undici.ts';
import type { CookieKeeper } from './cookies.ts';
import type { HttpPhase } from './http-client-error.ts';
import type { ProgressListeners } from './progress-listeners.ts';
import type { RetryRules } from './retries.ts';
import type { ResponseTimeouts, TimeoutOptions } from './timeouts.ts';

/**
 * Where a response came from: `miss` is the server, `hit` the cache, `revalidated` the cache after the server had said that it is still good,
 * and `shared` another call's request that was under way.
 */
export type CacheStatus = 'miss' | 'hit' | 'revalidated' | 'shared';

/** What holds for one call. */
export interface CallSettings {
  readonly retries: RetryRules;
  readonly timeouts: TimeoutOptions;
  readonly cookies: CookieKeeper | undefined;
  /** Whether nothing of the call may be kept. */
  readonly skipsCache: boolean;
  readonly responseTimeouts: ResponseTimeouts | undefined;
  readonly progress: ProgressListeners | undefined;
}

/** The servers that the requests of one attempt have gone to. */
export interface Route {
  /** The origin of the first request. */
  first: string | undefined;
  /** Whether a request has gone to another origin. */
  hasLeft: boolean;
  /** The redirect that the last response was. */
  redirected: { readonly from: string; readonly status: number } | undefined;
}

/** What is known of one call while it runs, from its first attempt to the end of its last body. */
export class Call {
  readonly method: string;
  readonly url: string;
  readonly settings: CallSettings;
  route: Route = newRoute();
  /** How far the current request has come: to the cache, or to the server. */
  reached: CacheStatus = 'miss';
  /** Where the last response came from. */
  cacheStatus: CacheStatus = 'miss';
  #requestPhase: HttpPhase | undefined;
  #connectingPhase: () => HttpPhase | undefined = () => undefined;
  #open = 0;
  #isSettled = false;
  #isEnded = false;
  readonly #onEnd: ((error: Error | undefined) => void)[] = [];
  #error: Error | undefined;

  constructor(method: string, url: string, settings: CallSettings) {
    this.method = method.toUpperCase();
    this.url = url;
    this.settings = settings;
  }

  /** How far the current request has come; `undefined`: it has no connection. */
  get requestPhase(): HttpPhase | undefined {
    return this.#requestPhase;
  }

  /** How far the call has come. A request that waits for a connection of others is at `connect`. */
  get phase(): HttpPhase {
    return this.#requestPhase ?? this.#connectingPhase() ?? 'connect';
  }

  /** Calls back once when nothing of the call is left: neither a request under way nor a body. */
  whenEnded(act: (error: Error | undefined) => void): void {
    this.#onEnd.push(act);
  }

  attemptBegins(): void {
    this.route = newRoute();
  }

  /** @param connectingPhase gives the step that the connection is at which the request waits for */
  requestBegins(connectingPhase: () => HttpPhase | undefined): void {
    this.#open += 1;
    this.#requestPhase = undefined;
    this.#connectingPhase = connectingPhase;
  }

  requestIsAt(phase: HttpPhase): void {
    this.#requestPhase = phase;
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

function newRoute(): Route {
  return { first: undefined, hasLeft: false, redirected: undefined };
}

const callKey: unique symbol = Symbol('@org/http-client/call');
type OptionsOfCall = Dispatcher.DispatchOptions & { readonly [callKey]?: Call };

/** Gives the call that a request belongs to; interceptors copy it with the other options. */
export function callOf(options: Dispatcher.DispatchOptions): Call | undefined {
  return (options as OptionsOfCall)[callKey];
}

/** Gives all requests of one call the call. */
export class CallDispatcher extends Dispatcher {
  readonly #base: Dispatcher;
  readonly #call: Call;

  constructor(base: Dispatcher, call: Call) {
    super();
    this.#base = base;
    this.#call = call;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const owned: OptionsOfCall = { ...options, [callKey]: this.#call };
    return this.#base.dispatch(owned, handler);
  }
}

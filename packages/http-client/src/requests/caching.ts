import { optionNames, ownOptions } from '@org/tls-core/backend';
import type { Dispatcher } from 'undici';
import { cacheStores, interceptors } from '../undici.ts';
import { callOf, type Call, type CacheStatus } from './call.ts';
import { fieldValue, hasField, headerFields } from './header-fields.ts';
import {
  PassingHandler,
  type Controller,
  type Handler,
  type Interceptor,
  type ResponseHeaders,
} from './passing-handler.ts';

/** A store of responses: `cacheStores.MemoryCacheStore`, `cacheStores.SqliteCacheStore` where Node has SQLite, or one of your own. */
export type CacheStore = NonNullable<UndiciCacheOptions['store']>;

type UndiciCacheOptions = NonNullable<Parameters<typeof interceptors.cache>[0]>;

/** How responses are cached (RFC 9111). */
export interface CacheOptions {
  /** Where responses are kept; default: up to 1,024 responses and 100 MiB in memory, each of at most 5 MiB. */
  readonly store?: CacheStore;
  /**
   * Whether all that use the client are one user (RFC 9111 §1). Default `shared`: nothing is kept that is for one user only. `private` keeps that
   * too, and gives it to whoever uses the client.
   */
  readonly type?: 'shared' | 'private';
  /** The origins whose responses are kept; default: all. */
  readonly origins?: readonly (string | RegExp)[];
}

const statusByResponse = new WeakMap<object, CacheStatus>();

/**
 * Tells where a response came from.
 * @param response the very object that `fetch` or `request` of a client gave, not a clone of it
 * @returns `undefined` for a response that did not come from a client with a cache or deduplication
 */
export function cacheStatusOf(response: object): CacheStatus | undefined {
  return statusByResponse.get(response);
}

export function noteCacheStatus(response: object, call: Call): void {
  statusByResponse.set(response, call.cacheStatus);
}

/**
 * Makes the stages of the cache and of deduplication, the innermost first; none where neither is wanted.
 * @throws TypeError on an unknown option, and on what is no store
 */
export function cacheStages(
  cache: boolean | CacheOptions | undefined,
  deduplicate: boolean | undefined,
): readonly Interceptor[] {
  const kept = readCache(cache);
  if (kept === undefined && deduplicate !== true) return [];
  return [
    behindCache,
    ...(kept === undefined ? [] : [cacheUnlessForbidden(kept), beforeCache]),
    ...(deduplicate === true ? [interceptors.deduplicate()] : []),
    outermost,
  ];
}

function readCache(given: boolean | CacheOptions = false): UndiciCacheOptions | undefined {
  if (given === false) return undefined;
  const { store, type = 'shared', origins } = given === true ? {} : ownOptions(given, known, 'cache');
  return {
    store: store ?? new cacheStores.MemoryCacheStore(),
    type,
    ...(origins !== undefined && { origins: [...origins] }),
  };
}

/**
 * Lets requests go past the cache that want nothing to be kept (Fetch, the cache mode `no-store`), and those with another Host than their URL's: they
 * ask for another resource (RFC 9110 §7.1), and undici's keys are made of the URL alone.
 */
function cacheUnlessForbidden(options: UndiciCacheOptions): Interceptor {
  const cache = interceptors.cache(options);
  return (dispatch) => {
    const cached = cache(dispatch);
    return (request, handler) =>
      callOf(request)?.settings.skipsCache === true || hasOtherHost(request)
        ? dispatch(request, handler)
        : cached(request, handler);
  };
}

function hasOtherHost({ origin, headers }: Dispatcher.DispatchOptions): boolean {
  if (!hasField(headers, ['host'])) return false;
  const host = fieldValue(headerFields(headers)['host']);
  return host?.toLowerCase() !== new URL(String(origin)).host;
}

/** Says of a response how far its request had come. A stale response may come before the request that renews it. */
const outermost: Interceptor = (dispatch) => (options, handler) => {
  const call = callOf(options);
  if (call === undefined) return dispatch(options, handler);
  call.reached = 'shared';
  const noting = new HeadHandler(handler, () => (call.cacheStatus = call.reached));
  return dispatch(options, new SharingHandler(noting, call, (sharing) => dispatch(options, sharing)));
};

/** Sends the request of a call by itself when the one that it shared failed before it was answered: it may only have been unwanted by its own call. */
class SharingHandler extends PassingHandler {
  readonly #call: Call;
  readonly #sendAgain: (handler: Handler) => void;
  #isAnswered = false;

  constructor(inner: Handler, call: Call, sendAgain: (handler: Handler) => void) {
    super(inner);
    this.#call = call;
    this.#sendAgain = sendAgain;
  }

  override onResponseStart(controller: Controller, status: number, headers: ResponseHeaders, message?: string): void {
    this.#isAnswered = true;
    super.onResponseStart(controller, status, headers, message);
  }

  override onResponseError(controller: Controller, error: Error): void {
    // A request that failed takes no others in any more, so that this one is sent by itself, and is not shared then.
    if (this.#call.reached === 'shared' && !this.#isAnswered) this.#sendAgain(this);
    else super.onResponseError(controller, error);
  }
}

/** Sees the requests that share no response with another. */
const beforeCache: Interceptor = (dispatch) => (options, handler) => {
  const call = callOf(options);
  if (call !== undefined) call.reached = 'hit';
  return dispatch(options, handler);
};

/** Sees the requests that the cache lets through to the server. */
const behindCache: Interceptor = (dispatch) => (options, handler) => {
  const call = callOf(options);
  if (call === undefined) return dispatch(options, handler);
  call.reached = 'miss';
  return dispatch(
    options,
    new HeadHandler(handler, (status) => (call.reached = status === 304 ? 'revalidated' : 'miss')),
  );
};

/** Looks at the status of a response before it goes on. */
class HeadHandler extends PassingHandler {
  readonly #look: (status: number) => void;

  constructor(inner: Handler, look: (status: number) => void) {
    super(inner);
    this.#look = look;
  }

  override onResponseStart(controller: Controller, status: number, headers: ResponseHeaders, message?: string): void {
    if (status >= 200) this.#look(status);
    super.onResponseStart(controller, status, headers, message);
  }
}

const known = optionNames<CacheOptions>({ store: true, type: true, origins: true });

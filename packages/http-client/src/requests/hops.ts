import type { Dispatcher } from 'undici';
import { callOf, type Call } from './call.ts';
import type { CookieKeeper } from './cookies.ts';
import { asDispatchHeaders, fieldValue, headerFields, type HeaderFields } from './header-fields.ts';
import {
  PassingHandler,
  refuseDispatch,
  type Controller,
  type Handler,
  type Interceptor,
  type ResponseHeaders,
} from './passing-handler.ts';

/** Headers that are for one server and go to no other: a redirect across origins drops them, also those that a program adds. */
const credentialHeaders = [
  'authorization',
  'cookie',
  'cookie2',
  'proxy-authorization',
  'proxy-authenticate',
  'www-authenticate',
] as const;

/** A redirect that is about to be followed. */
export interface Redirect {
  /** The URL that answered with the redirect. */
  readonly from: string;
  /** The URL that is asked next. */
  readonly to: string;
  readonly status: number;
  /** The method of the next request. */
  readonly method: string;
}

export interface HopRules {
  /** Names of further headers that go to no other origin, in lower case. */
  readonly sensitiveHeaders: readonly string[];
  readonly beforeRedirect: ((redirect: Redirect) => unknown) | undefined;
}

/** Gives lower-case names of headers. */
export function readSensitiveHeaders(names: readonly string[] = []): readonly string[] {
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new TypeError('sensitiveHeaders: expected a list of names');
  return names.map((name) => name.toLowerCase());
}

/**
 * Follows the requests of one attempt from server to server. Once a request has gone to another origin than the first, none carries the
 * program's credentials any more, not even one that comes back: whoever sent it back could have made it (Fetch §4.4).
 */
export function hops({ sensitiveHeaders, beforeRedirect }: HopRules): Interceptor {
  const dropped: ReadonlySet<string> = new Set([...credentialHeaders, ...sensitiveHeaders]);
  return (dispatch) => (options, handler) => {
    const call = callOf(options);
    if (call === undefined) return dispatch(options, handler);
    const { route } = call;
    const { cookies } = call.settings;
    const origin = String(options.origin);
    route.first ??= origin;
    route.hasLeft ||= origin !== route.first;
    const own = route.hasLeft ? withoutHeaders(options, dropped) : options;
    const noting = new HopHandler(handler, call, options);
    const redirect =
      route.redirected === undefined || beforeRedirect === undefined
        ? undefined
        : { ...route.redirected, to: urlOf(options), method: options.method };
    if (redirect === undefined && cookies === undefined) return dispatch(own, noting);
    void Promise.resolve(redirect)
      .then((next) => next && beforeRedirect?.(next))
      .then(() => (cookies === undefined ? own : withCookies(cookies, own)))
      .then((ready) => dispatch(ready, noting))
      .catch((error: unknown) => refuseDispatch(noting, error as Error));
    return true;
  };
}

/** Tells whether a response sends its request elsewhere (RFC 9110 §15.4). */
export function isRedirect(status: number, headers: ResponseHeaders): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers['location'] !== undefined;
}

async function withCookies(
  cookies: CookieKeeper,
  options: Dispatcher.DispatchOptions,
): Promise<Dispatcher.DispatchOptions> {
  const kept = await cookies.cookiesFor(urlOf(options));
  if (kept === '') return options;
  const fields = headerFields(options.headers);
  const given = fieldValue(fields['cookie']);
  return withFields(options, { ...fields, cookie: given === undefined ? kept : `${given}; ${kept}` });
}

function urlOf({ origin, path }: Dispatcher.DispatchOptions): string {
  return new URL(path, origin).href;
}

function withoutHeaders(options: Dispatcher.DispatchOptions, dropped: ReadonlySet<string>): Dispatcher.DispatchOptions {
  const fields = headerFields(options.headers);
  return withFields(options, Object.fromEntries(Object.entries(fields).filter(([name]) => !dropped.has(name))));
}

function withFields(options: Dispatcher.DispatchOptions, fields: HeaderFields): Dispatcher.DispatchOptions {
  return { ...options, headers: asDispatchHeaders(fields) };
}

/** Notes where a response sends its request, and the cookies that it sets. */
class HopHandler extends PassingHandler {
  readonly #call: Call;
  readonly #options: Dispatcher.DispatchOptions;

  constructor(inner: Handler, call: Call, options: Dispatcher.DispatchOptions) {
    super(inner);
    this.#call = call;
    this.#options = options;
  }

  override onResponseStart(controller: Controller, status: number, headers: ResponseHeaders, message?: string): void {
    if (status >= 200) this.#note(status, headers);
    super.onResponseStart(controller, status, headers, message);
  }

  #note(status: number, headers: ResponseHeaders): void {
    const { route, settings } = this.#call;
    route.redirected = isRedirect(status, headers) ? { from: urlOf(this.#options), status } : undefined;
    if (headers['set-cookie'] !== undefined) settings.cookies?.keep(urlOf(this.#options), headers['set-cookie']);
  }
}

import type { Dispatcher } from 'undici';
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
  readonly cookies: CookieKeeper | undefined;
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
export function hops(rules: HopRules): Interceptor {
  const dropped: ReadonlySet<string> = new Set([...credentialHeaders, ...rules.sensitiveHeaders]);
  const seen: { first: string | undefined; hasLeft: boolean; redirected: Omit<Redirect, 'to' | 'method'> | undefined } =
    {
      first: undefined,
      hasLeft: false,
      redirected: undefined,
    };
  return (dispatch) => (options, handler) => {
    const origin = String(options.origin);
    const url = new URL(options.path, origin).href;
    seen.first ??= origin;
    seen.hasLeft ||= origin !== seen.first;
    const own = seen.hasLeft ? withoutHeaders(options, dropped) : options;
    const redirect = seen.redirected && { ...seen.redirected, to: url, method: options.method };
    const note = (status: number, headers: ResponseHeaders): void => {
      seen.redirected = isRedirect(status, headers) ? { from: url, status } : undefined;
      rules.cookies?.keep(url, headers['set-cookie']);
    };
    const noting = new HopHandler(handler, note);
    const mustAsk = redirect !== undefined && rules.beforeRedirect !== undefined;
    if (!mustAsk && rules.cookies === undefined) return dispatch(own, noting);
    void prepare(rules, own, url, mustAsk ? redirect : undefined)
      .then((ready) => dispatch(ready, noting))
      .catch((error: unknown) => refuseDispatch(noting, error as Error));
    return true;
  };
}

/** Tells whether a response sends its request elsewhere (RFC 9110 §15.4). */
export function isRedirect(status: number, headers: ResponseHeaders): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers['location'] !== undefined;
}

async function prepare(
  { cookies, beforeRedirect }: HopRules,
  options: Dispatcher.DispatchOptions,
  url: string,
  redirect: Redirect | undefined,
): Promise<Dispatcher.DispatchOptions> {
  if (redirect !== undefined) await beforeRedirect?.(redirect);
  const kept = await cookies?.cookiesFor(url);
  if (kept === undefined || kept === '') return options;
  const fields = headerFields(options.headers);
  const given = fieldValue(fields['cookie']);
  return withFields(options, { ...fields, cookie: given === undefined ? kept : `${given}; ${kept}` });
}

function withoutHeaders(options: Dispatcher.DispatchOptions, dropped: ReadonlySet<string>): Dispatcher.DispatchOptions {
  const fields = headerFields(options.headers);
  return withFields(options, Object.fromEntries(Object.entries(fields).filter(([name]) => !dropped.has(name))));
}

function withFields(options: Dispatcher.DispatchOptions, fields: HeaderFields): Dispatcher.DispatchOptions {
  return { ...options, headers: asDispatchHeaders(fields) };
}

class HopHandler extends PassingHandler {
  readonly #note: (status: number, headers: ResponseHeaders) => void;

  constructor(inner: Handler, note: (status: number, headers: ResponseHeaders) => void) {
    super(inner);
    this.#note = note;
  }

  override onResponseStart(controller: Controller, status: number, headers: ResponseHeaders, message?: string): void {
    if (status >= 200) this.#note(status, headers);
    super.onResponseStart(controller, status, headers, message);
  }
}

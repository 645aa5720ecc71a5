import type { Dispatcher } from 'undici';
import { asDispatchHeaders, fieldValue, headerFields } from './header-fields.ts';
import { isRedirect } from './hops.ts';
import { HttpClientError } from './http-client-error.ts';
import { checkCount } from './option-checks.ts';
import { canBeSentAgain, cancel, discard } from './resent-bodies.ts';

/** What `request` does with a redirect: `manual` gives it to the caller, `follow` follows it, `error` rejects. */
export type RedirectMode = 'manual' | 'follow' | 'error';

export interface RedirectRules {
  readonly mode: RedirectMode;
  readonly maxRedirections: number;
}

/** The options of one request of undici, with what a redirect changes. */
export type SentRequest = Omit<Dispatcher.RequestOptions, 'origin' | 'path' | 'method'> & {
  readonly method?: Dispatcher.HttpMethod | undefined;
};

/**
 * @throws TypeError on a mode that is none
 * @throws RangeError on a number of redirects that is none, or more than 100
 */
export function readRedirects(mode: RedirectMode = 'manual', maxRedirections = 10): RedirectRules {
  if (mode !== 'manual' && mode !== 'follow' && mode !== 'error')
    throw new TypeError(`redirect: expected manual, follow or error, got ${String(mode)}`);
  return { mode, maxRedirections: checkCount('maxRedirections', maxRedirections, 100) };
}

/**
 * Sends a request and follows its redirects as the rules say (RFC 9110 §15.4, Fetch §4.4).
 * @throws HttpClientError `ERR_HTTP_CLIENT_REDIRECT` on one redirect too many, one to no URL of HTTP, one with a body that cannot be sent
 *   again, and on any with the mode `error`
 */
export function followRedirects(
  rules: RedirectRules,
  url: string | URL,
  first: SentRequest,
  send: Send,
): Promise<Dispatcher.ResponseData> {
  return rules.mode === 'manual' ? send(url, first) : follow(rules, url, first, send);
}

type Send = (url: string | URL, request: SentRequest) => Promise<Dispatcher.ResponseData>;

async function follow(
  rules: RedirectRules,
  url: string | URL,
  first: SentRequest,
  send: Send,
): Promise<Dispatcher.ResponseData> {
  let target = url;
  let request = first;
  for (let count = 0; ; count += 1) {
    const response = await send(target, request);
    const { statusCode, headers, body } = response;
    if (!isRedirect(statusCode, headers)) return response;
    try {
      if (rules.mode === 'error') throw refused('the server redirects, and `redirect` is error');
      if (count >= rules.maxRedirections) throw refused(`expected at most ${rules.maxRedirections} redirects`);
      target = targetOf(target, fieldValue(headers['location']) ?? '');
      request = redirected(request, statusCode);
    } catch (error) {
      cancel(body);
      throw error;
    }
    await discard(body, headers['content-length']);
  }
}

function targetOf(from: string | URL, location: string): URL {
  if (!URL.canParse(location, String(from))) throw refused('the server redirects to what is no URL');
  const target = new URL(location, from);
  if (target.protocol === 'https:' || target.protocol === 'http:') return target;
  throw refused(`expected a redirect to https:, got ${target.protocol}`);
}

/** Gives the next request: POST becomes GET where browsers have it so, and then nothing is said of the body any more. */
function redirected(request: SentRequest, status: number): SentRequest {
  const { query: _query, ...same } = request;
  const method = (request.method ?? 'GET').toUpperCase();
  const becomesGet = status === 303 ? method !== 'GET' && method !== 'HEAD' : status < 303 && method === 'POST';
  if (!becomesGet && !canBeSentAgain(request.body))
    throw refused('the server redirects a request whose body cannot be sent again');
  const fields = Object.entries(headerFields(request.headers)).filter(
    ([name]) => name !== 'host' && !(becomesGet && isOfBody(name)),
  );
  const headers = asDispatchHeaders(Object.fromEntries(fields));
  return becomesGet ? { ...same, headers, method: 'GET', body: null } : { ...same, headers };
}

function isOfBody(name: string): boolean {
  return name.startsWith('content-') || name === 'transfer-encoding' || name === 'expect';
}

function refused(message: string): HttpClientError {
  return new HttpClientError('ERR_HTTP_CLIENT_REDIRECT', message, { phase: 'headers' });
}

import type { Dispatcher } from 'undici';
import { stoppedBy } from './response-security.ts';

/**
 * The innermost interceptor. It refuses, with a TypeError, a request with the field Proxy-Authorization, which would tell an origin the
 * credentials for a proxy: a request goes to an origin through a tunnel or without a proxy (RFC 9110 §11.7.2).
 */
export const proxyAuthorizationInterceptor: Dispatcher.DispatcherComposeInterceptor =
  (dispatch) =>
  (options, handler): boolean => {
    const isForProxy = fieldNames(options.headers).some((name) => name.toLowerCase() === 'proxy-authorization');
    if (!isForProxy) return dispatch(options, handler);
    const refused = new TypeError('Proxy-Authorization is for no origin; the option `proxy` takes credentials');
    handler.onResponseError?.(stoppedBy(refused), refused);
    return true;
  };

/** The names of a request's fields, in any form in which undici takes them. */
function fieldNames(headers: Dispatcher.DispatchOptions['headers']): readonly string[] {
  if (headers === undefined || headers === null) return [];
  // names and values in turn
  if (Array.isArray(headers)) return headers.filter((_each, index) => index % 2 === 0).map(String);
  if (Symbol.iterator in headers) return Array.from(headers as Iterable<readonly [string, unknown]>, ([name]) => name);
  return Object.keys(headers);
}

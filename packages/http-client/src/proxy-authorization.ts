import type { Dispatcher } from 'undici';
import { hasField } from './requests/header-fields.ts';
import { refuseDispatch } from './requests/passing-handler.ts';

/**
 * The innermost interceptor. It refuses, with a TypeError, a request with the field Proxy-Authorization, which would tell an origin the
 * credentials for a proxy: a request goes to an origin through a tunnel or without a proxy (RFC 9110 §11.7.2).
 */
export const proxyAuthorizationInterceptor: Dispatcher.DispatcherComposeInterceptor =
  (dispatch) =>
  (options, handler): boolean => {
    if (!hasField(options.headers, ['proxy-authorization'])) return dispatch(options, handler);
    refuseDispatch(
      handler,
      new TypeError('Proxy-Authorization is for no origin; the option `proxy` takes credentials'),
    );
    return true;
  };

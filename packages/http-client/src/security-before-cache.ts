import type { Dispatcher } from 'undici';
import { refuseDispatch } from './requests/passing-handler.ts';
import { isSecured, leavesTls, securityRecord } from './response-security.ts';

/**
 * Stands outside of a cache, whose answers no connection carries: what is known of the connection before is forgotten, and a redirect to `http:`
 * is refused also where both of its ends are in the cache.
 */
export const securityBeforeCache: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const record = securityRecord(options);
  if (record === undefined) return dispatch(options, handler);
  const secured = isSecured(options.origin);
  if (record.wasSecured && !secured) {
    refuseDispatch(handler, leavesTls(options.origin, true));
    return true;
  }
  record.wasSecured ||= secured;
  record.client = undefined;
  record.carriedBy = undefined;
  record.answeredAt = undefined;
  return dispatch(options, handler);
};

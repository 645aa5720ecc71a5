import { TlsError } from '@org/tls-core';
import type { Dispatcher } from 'undici';
import { securityRecord } from './response-security.ts';

/**
 * Stands outside of a cache, whose answers no connection carries: what is known of the connection before is forgotten, and a redirect to `http:`
 * is refused also where both of its ends are in the cache.
 */
export const securityBeforeCache: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const record = securityRecord(options);
  if (record === undefined) return dispatch(options, handler);
  const isSecured = String(options.origin).startsWith('https:');
  if (record.wasSecured && !isSecured)
    throw new TlsError(
      'ERR_TLS_CONFIG',
      `redirect from https: to ${String(options.origin)} refused: it would leave TLS`,
    );
  record.wasSecured ||= isSecured;
  record.client = undefined;
  record.carriedBy = undefined;
  record.answeredAt = undefined;
  return dispatch(options, handler);
};

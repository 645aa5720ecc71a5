import type { Call } from './call.ts';
import { HttpClientError } from './http-client-error.ts';

/**
 * Gives a signal that aborts with the call's own, or when the call has taken too long; the error then names the phase that the call was in.
 * Timer and listener are gone when the call has ended.
 */
export function deadlineOf(
  call: Call,
  total: number | undefined,
  own: AbortSignal | undefined,
): AbortSignal | undefined {
  if (total === undefined) return own;
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const { phase } = call;
    const message = `the call took more than ${total} ms; it was at the phase ${phase}`;
    controller.abort(new HttpClientError('ERR_HTTP_CLIENT_TIMEOUT', message, { phase }));
  }, total);
  const follow = (): void => controller.abort(own?.reason);
  own?.addEventListener('abort', follow, { once: true });
  if (own?.aborted === true) follow();
  call.whenEnded(() => {
    clearTimeout(timer);
    own?.removeEventListener('abort', follow);
  });
  return controller.signal;
}

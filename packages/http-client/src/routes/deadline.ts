import { TlsError } from '@org/tls-core';

/** A time within which something has to be done. */
export interface Deadline {
  /** 0 means that there is none. */
  readonly milliseconds: number;
  /** What was not there in time, e.g. `connection to example.org port 443`. */
  readonly subject: string;
}

/**
 * Does something that obeys a signal, within a time.
 * @throws TlsError `ERR_TLS_TIMEOUT` when the time is over, and what `act` throws
 */
export async function within<Result>(
  { milliseconds, subject }: Deadline,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (milliseconds === 0) return act(signal);
  const timeout = new AbortController();
  const timer = setTimeout(
    () => timeout.abort(new TlsError('ERR_TLS_TIMEOUT', `no ${subject} within ${milliseconds} ms`)),
    milliseconds,
  );
  try {
    return await act(AbortSignal.any([signal, timeout.signal]));
  } catch (error) {
    throw timeout.signal.aborted ? timeout.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for what cannot be aborted, and leaves it alone once the signal aborts.
 * @throws TlsError `ERR_TLS_ABORTED`, and what `pending` rejects with
 */
export function unlessAborted<Result>(pending: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(aborted(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The error of a connection that its caller does not want any more. */
export function aborted(signal: AbortSignal): TlsError {
  return new TlsError('ERR_TLS_ABORTED', 'connecting was aborted', { cause: signal.reason });
}

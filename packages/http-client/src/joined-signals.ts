/** A signal that aborts with the first of some others, until it is released. */
export interface JoinedSignals {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/**
 * Joins signals for a time, and leaves nothing with them behind it. `AbortSignal.any` leaves some bytes with each of them in Node 20, for as long as
 * that one lives, and the signal of a client lives longer than all of its connections.
 */
export function joinSignals(...signals: readonly AbortSignal[]): JoinedSignals {
  const joined = new AbortController();
  const release = (): void => {
    for (const signal of signals) signal.removeEventListener('abort', follow);
  };
  const follow = (): void => {
    release();
    joined.abort(signals.find(({ aborted }) => aborted)?.reason);
  };
  for (const signal of signals) signal.addEventListener('abort', follow);
  if (signals.some(({ aborted }) => aborted)) follow();
  return { signal: joined.signal, release };
}

/**
 * Waits for `pending`, but rejects with the signal's reason as soon as the signal aborts; `pending` then goes on unobserved.
 * @param onAbort is called before that rejection
 */
export function untilAborted<T>(pending: Promise<T>, signal: AbortSignal | undefined, onAbort: () => void): Promise<T> {
  return signal === undefined ? pending : raced(pending, signal, onAbort);
}

async function raced<T>(pending: Promise<T>, signal: AbortSignal, onAbort: () => void): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      onAbort();
      reject(signal.reason as Error);
    };
  });
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([pending, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

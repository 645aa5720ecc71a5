import { isPromiseLike, type MaybePromise, type TlsError } from '@org/tls-core';

/** What a hook gives, at once or later; what it throws or rejects with becomes an error of ours. */
export function settled<Value, Next>(
  act: () => MaybePromise<Value>,
  next: (value: Value) => Next,
  toError: (cause: unknown) => TlsError,
): MaybePromise<Next> {
  let value: MaybePromise<Value>;
  try {
    value = act();
  } catch (cause) {
    throw toError(cause);
  }
  if (!isPromiseLike(value)) return next(value);
  return value.then(next, (cause: unknown) => {
    throw toError(cause);
  });
}

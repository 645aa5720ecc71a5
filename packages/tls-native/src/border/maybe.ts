import { isPromiseLike, type MaybePromise } from '@org/tls-core';

/** Goes on with a value at once, or when it is there. */
export function andThen<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return isPromiseLike(value) ? value.then(next) : next(value);
}

/** A value now, or later. When it is a value, nothing is awaited: no microtask on the hot path. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** Tells a Promise (of any realm or library) from a value. */
export function isPromiseLike<T>(value: MaybePromise<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** Goes on with a value at once, and with a Promise's when it is there. */
export function andThen<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return isPromiseLike(value) ? value.then(next) : next(value);
}

/** The same within a generator: it yields a Promise, and whoever drives it resumes it with what the Promise gave. */
export function* settle<T>(value: MaybePromise<T>): Generator<PromiseLike<unknown>, T, unknown> {
  return isPromiseLike(value) ? ((yield value) as T) : value;
}

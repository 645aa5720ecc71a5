/** A value now, or later. When it is a value, nothing is awaited: no microtask on the hot path. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** Tells a Promise (of any realm or library) from a value. */
export function isPromiseLike<T>(value: MaybePromise<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

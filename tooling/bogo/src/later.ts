import type { MaybePromise } from '@org/tls-core';
import type { TestConfig } from './test-config.ts';

/** Gives a value, or with `-async` a Promise of it that waits for another turn of the loop. */
export function later<T>({ isAsync }: TestConfig, make: () => T): MaybePromise<T> {
  if (!isAsync) return make();
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(make());
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

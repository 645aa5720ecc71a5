/** What a key log of the application threw. It is the application's own: a call gives it out, or nobody catches it. */
class KeyLogError extends Error {
  override readonly name = 'KeyLogError';
}

/** Gives what may stand as the option `keyLog`: of a function, what it throws can be told from what any other hook throws. */
export function asKeyLog(value: unknown): unknown {
  if (typeof value !== 'function') return value;
  return (line: string): unknown => {
    try {
      return Reflect.apply(value, undefined, [line]) as unknown;
    } catch (cause) {
      throw new KeyLogError('a key log of the application', { cause });
    }
  };
}

export function isKeyLogError(error: unknown): boolean {
  return error instanceof KeyLogError;
}

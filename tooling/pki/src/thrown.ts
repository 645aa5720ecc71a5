/** An error with a code, as a `TlsError` is one. This package stands below that class and cannot import it. */
export interface CodedError extends Error {
  readonly code: string;
  readonly alert?: number | undefined;
}

/** Gives the error with a code that a call throws; anything else fails the test. */
export function thrown(act: () => unknown): CodedError {
  let result: unknown;
  try {
    result = act();
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error as CodedError;
    throw new Error('expected an error with a code, got another', { cause: error });
  }
  throw new Error(`expected an error with a code, got ${String(result)}`);
}

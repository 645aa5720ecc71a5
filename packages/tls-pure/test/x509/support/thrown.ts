import { isTlsError, type TlsError } from '@org/tls-core';

/** The TlsError that a call throws; anything else fails the test. */
export function thrown(act: () => unknown): TlsError {
  let result: unknown;
  try {
    result = act();
  } catch (error) {
    if (isTlsError(error)) return error;
    throw new Error('expected a TlsError, got another error', { cause: error });
  }
  throw new Error(`expected a TlsError, got ${String(result)}`);
}

import { isTlsError, type TlsError } from '@org/tls-core';

/** The TlsError that a call ends in; anything else fails the test. */
export async function rejected(act: () => Promise<unknown>): Promise<TlsError> {
  let result: unknown;
  try {
    result = await act();
  } catch (error) {
    if (isTlsError(error)) return error;
    throw new Error('expected a TlsError, got another error', { cause: error });
  }
  throw new Error(`expected a TlsError, got ${String(result)}`);
}

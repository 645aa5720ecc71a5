import { isTlsError, TlsError } from '@org/tls-core';

/** Makes the error for what cannot be used as an identity. The message names what was found, but never a secret. */
export function fault(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_IDENTITY', `identity: ${message}`, {
    option: 'identity',
    ...(cause !== undefined && { cause }),
  });
}

/** Runs code of libraries that may throw anything, and throws an error of ours instead. Deep nesting may exhaust their stack. */
export async function typed<T>(message: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw isTlsError(error) ? error : fault(message, error);
  }
}

import { isTlsError, TlsError } from '@org/tls-core';

/** What cannot be used as an identity. The message names what was found, never a secret. */
export function fault(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_IDENTITY', `identity: ${message}`, {
    option: 'identity',
    ...(cause !== undefined && { cause }),
  });
}

/** Runs code of libraries that throw what they like; deep nesting may exhaust the stack. */
export async function typed<T>(message: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw isTlsError(error) ? error : fault(message, error);
  }
}

import { thrown } from '@org/pki';
import { isTlsError, type TlsError } from '@org/tls-core';

/** The TlsError that a call throws; anything else fails the test. */
export function thrownTlsError(act: () => unknown): TlsError {
  const error = thrown(act);
  if (!isTlsError(error)) throw new Error('expected a TlsError', { cause: error });
  return error;
}

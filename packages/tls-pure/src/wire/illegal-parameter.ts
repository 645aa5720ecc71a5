import { TlsError } from '@org/tls-core';

/** The error for a field that is well-formed and has a value that it must not have (RFC 8446 §6.2, illegal_parameter). */
export function illegalParameter(message: string): TlsError {
  return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message);
}

import type { TlsError } from '@org/tls-core';

/** Gives the same error with the alert that BoringSSL sends, where the interface's table of codes has another one. */
export function withAlert(error: TlsError, alert: number): TlsError {
  return Object.defineProperty(error, 'alert', { value: alert });
}

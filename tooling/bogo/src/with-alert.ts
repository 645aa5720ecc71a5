import type { TlsError } from '@org/tls-core';

/** The same error, with the alert that BoringSSL sends where the interface's table of codes has another. */
export function withAlert(error: TlsError, alert: number): TlsError {
  return Object.defineProperty(error, 'alert', { value: alert });
}

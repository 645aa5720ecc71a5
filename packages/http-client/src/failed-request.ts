import { isTlsError } from '@org/tls-core';
import type { HttpPhase } from './requests/http-client-error.ts';

/** Where and when a request failed. */
export interface RequestFailure {
  readonly phase: HttpPhase;
  /** The host of the URL, an IPv6 address without brackets, and the port, whichever way led there. */
  readonly host: string;
  readonly port: number;
}

/** Tells whether an error says where a request failed, as the errors of a client's connections do. */
export function isFailedRequest(error: unknown): error is Error & RequestFailure {
  return (
    error instanceof Error && 'phase' in error && typeof error.phase === 'string' && 'host' in error && 'port' in error
  );
}

/**
 * Adds to an error where the request failed, and the place to its message. An error that says so already keeps what it says; one that is the
 * program's own, such as the reason of an abort, is left alone.
 */
export function noteFailure(error: unknown, { phase, host, port }: RequestFailure): void {
  if (!(error instanceof Error) || !isOfConnection(error) || !Object.isExtensible(error)) return;
  const place = { phase, host, port };
  for (const [name, value] of Object.entries(place))
    if (!(name in error))
      Object.defineProperty(error, name, { value, enumerable: true, configurable: true, writable: true });
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const message = error.message.replaceAll(/\s*\n\s*/g, ' ');
  const told = message.includes(authority) ? message : `${message} (${authority})`;
  if (told === error.message) return;
  const stack = error.stack?.replace(error.message, () => told);
  Object.defineProperty(error, 'message', { value: told, configurable: true, writable: true });
  if (stack !== undefined) Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
}

/** Says of an error what another one says, which is its cause. */
export function noteFailureOf(error: Error, { phase, host, port }: RequestFailure): void {
  if (Object.isExtensible(error)) Object.assign(error, { phase, host, port });
}

/** An error of TLS, of undici or of Node's sockets. */
function isOfConnection(error: Error): boolean {
  const code: unknown = 'code' in error ? error.code : undefined;
  return isTlsError(error) || (typeof code === 'string' && /^(UND_ERR_|ERR_HTTP2_|HPE_|E[A-Z0-9]+$)/.test(code));
}

import { isTlsError, type TlsErrorFamily } from '@org/tls-core';
import { tlsErrorIn } from './report-failure.ts';

/** The exit codes of the tool; they are part of its interface. */
export const ExitCode = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  transport: 3,
  certificate: 4,
  peer: 5,
  backend: 6,
  httpStatus: 7,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const exitCodeHelp = `Exit codes:
  0  done
  1  a fault that this list does not know
  2  wrong arguments, or a configuration that the backend refuses
  3  no connection, a timeout, or a connection that was cut
  4  the peer's certificate is not acceptable
  5  the peer does not speak TLS as it should, has nothing in common with us, or sent an alert
  6  the backend is not available, or failed
  7  the HTTP status is 400 or above (tls get --fail)`;

/** Gives the exit code for an error of a command. */
export function exitCodeOf(error: unknown): ExitCode {
  const tlsError = tlsErrorIn(error);
  if (tlsError !== undefined) return exitCodeByFamily[tlsError.family];
  if (error instanceof UsageError || error instanceof TypeError || isInvalidArgument(error)) return ExitCode.usage;
  return isNetworkError(error) ? ExitCode.transport : ExitCode.unexpected;
}

/** The error for an argument that cannot be used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Tells whether undici refused a method or a header that cannot be sent. */
function isInvalidArgument(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_INVALID_ARG';
}

/** Tells errors of sockets, of name resolution, of undici and of a signal: they all have a code or a name of their own. */
function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error) || isTlsError(error)) return false;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return true;
  return 'syscall' in error
    ? networkCalls.has(String(error.syscall))
    : 'code' in error && /^(UND_ERR_|E[A-Z]+$)/.test(String(error.code));
}

const networkCalls: ReadonlySet<string> = new Set(['connect', 'getaddrinfo', 'read', 'write']);

const exitCodeByFamily: Readonly<Record<TlsErrorFamily, ExitCode>> = {
  decode: ExitCode.peer,
  'peer-misbehaved': ExitCode.peer,
  'peer-incompatible': ExitCode.peer,
  'peer-alert': ExitCode.peer,
  certificate: ExitCode.certificate,
  transport: ExitCode.transport,
  misuse: ExitCode.usage,
  backend: ExitCode.backend,
};

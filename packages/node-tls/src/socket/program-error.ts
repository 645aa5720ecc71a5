import { isTlsError, nodeCodesOf, TlsError, tlsErrorCodes, type TlsErrorCode } from '@org/tls-core';
import { nodeError } from '../node-error.ts';

/** Errors of callbacks and of judges, which come out of a connection as they went in. */
const carried = new WeakSet<TlsError>();

/** Wraps an error of a program's callback, so that the handshake ends by it and the program gets it back. */
export function carry(error: Error, code: TlsErrorCode, chain: readonly Uint8Array[] = []): TlsError {
  const wrapped = new TlsError(code, error.message, { cause: error, certificate: { chain, rejectedPaths: [] } });
  carried.add(wrapped);
  return wrapped;
}

/** Wraps the reason why a peer is refused; its code chooses the alert. */
export function carryRefusal(error: Error, chain: readonly Uint8Array[]): TlsError {
  const { code } = error as { readonly code?: unknown };
  const fitting = certificateCodes.find((each) => nodeCodesOf(each).includes(String(code)));
  return carry(error, fitting ?? 'ERR_TLS_CERTIFICATE_REJECTED', chain);
}

const certificateCodes = tlsErrorCodes.filter((code) => code.startsWith('ERR_TLS_CERTIFICATE_'));

/** The error that a program sees of what a connection failed with. */
export function programError(error: Error): Error {
  if (!isTlsError(error)) return error;
  const { cause } = error;
  if (isTlsError(cause) && carried.has(cause)) return programError(cause);
  return carried.has(error) && cause instanceof Error ? cause : nodeError(error);
}

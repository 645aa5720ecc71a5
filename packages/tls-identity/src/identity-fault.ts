import { isTlsError, TlsError } from '@org/tls-core';

/** Makes the error for what cannot be used as an identity. The message names what was found, but never a secret. */
export function fault(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_IDENTITY', `${prefix}${message}`, {
    option: 'identity',
    ...(cause !== undefined && { cause }),
  });
}

const prefix = 'identity: ';

/** Makes an error that says of which part of a file another one tells. */
export function faultIn(where: string, error: TlsError): TlsError {
  return fault(`${where}: ${messageOf(error)}`, error.cause);
}

/** Gives what an error says, without what all of them begin with. */
export function messageOf({ message }: TlsError): string {
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}

/** Runs code of libraries that may throw anything, and throws an error of ours instead. */
export async function typed<T>(message: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw isTlsError(error) ? error : fault(message, error);
  }
}

/** Shows what must be text and came out of a file: on one line, and not without end. */
export function quoted(value: unknown): string {
  if (typeof value !== 'string') return `(${typeof value})`;
  return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}…` : value);
}

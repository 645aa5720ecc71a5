import { nodeCodesOf, type TlsError } from '@org/tls-core';

/** Gives the error that Node has for the same fault, with its code and its text. `cause` is ours. */
export function nodeError(error: TlsError): Error {
  if (error.code === 'ERR_TLS_TRANSPORT' && error.cause instanceof Error) return error.cause;
  return Object.assign(new Error(error.message, { cause: error }), { code: nodeCodesOf(error.code)[0] });
}

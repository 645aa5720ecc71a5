import { AlertDescription, isTlsError, TlsError } from '@org/tls-core';

/** What a hook threw, as the connection's error. */
export function hookError(name: string, cause: unknown): TlsError {
  if (isTlsError(cause)) return cause;
  return new TlsError('ERR_TLS_HOOK', `the hook \`${name}\` failed`, { cause });
}

/** What `verifyPeer` threw: an error about certificates is passed on as it is. */
export function rejection(cause: unknown): TlsError {
  if (isTlsError(cause) && cause.family === 'certificate') return cause;
  return new TlsError('ERR_TLS_CERTIFICATE_REJECTED', '`verifyPeer` rejected the peer', { cause });
}

/** The same error, with the alert that the library has sent where it could not be told which. */
export function withSentAlert(error: TlsError, sentAlert: number | undefined): TlsError {
  if (sentAlert === undefined || sentAlert === error.alert) return error;
  const { code, message, cause, certificate } = error;
  return new TlsError(code, message, {
    sentAlert,
    ...(cause !== undefined && { cause }),
    ...(certificate !== undefined && { certificate }),
  });
}

/** An error of the connection's own making, met while a question was being answered. */
export function alertFor(error: TlsError): number {
  return error.alert ?? AlertDescription.internalError;
}

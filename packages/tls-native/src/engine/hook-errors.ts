import { AlertDescription, TlsError } from '@org/tls-core';

/** The same error, with the alert that the library has sent where it could not be told which. */
export function withPlatformAlert(error: TlsError, platformAlert: number | undefined): TlsError {
  if (platformAlert === undefined || platformAlert === error.alert) return error;
  const { code, message, cause, certificate } = error;
  return new TlsError(code, message, {
    platformAlert,
    ...(cause !== undefined && { cause }),
    ...(certificate !== undefined && { certificate }),
  });
}

/** An error of the connection's own making, met while a question was being answered. */
export function alertFor(error: TlsError): number {
  return error.alert ?? AlertDescription.internalError;
}

import { alertName, TlsError, type TlsErrorDetails } from '@org/tls-core';
import { isFailed, type Failed, type NativeFault } from './addon.ts';

/** Makes the interface's error of a connection's fault that is about no certificate. */
export function toTlsError(fault: NativeFault): TlsError {
  const { code, detail, receivedAlert } = fault;
  const details = detailsOf(fault);
  if (receivedAlert === undefined) return new TlsError(code, detail, details);
  return new TlsError(code, `the peer sent the alert ${alertName(receivedAlert)}`, { ...details, receivedAlert });
}

/** What an error has of the library's own words and numbers, and of the alert that it sent. */
export function detailsOf({ detail, osCode, receivedAlert, sentAlert }: NativeFault): TlsErrorDetails {
  return {
    platformReason: detail,
    platformCode: osCode,
    ...(receivedAlert === undefined && sentAlert !== undefined && { platformAlert: sentAlert }),
  };
}

/** Makes the interface's error of a fault that kept a context or an engine from being made. */
export function toConfigError(fault: NativeFault): TlsError {
  const { code, detail, osCode } = fault;
  const option = code === 'ERR_TLS_IDENTITY' ? { option: 'identity' } : {};
  return new TlsError(code, detail, { platformReason: detail, platformCode: osCode, ...option });
}

/** @throws TlsError when it was not made */
export function made<T extends object>(result: T | Failed): T {
  if (isFailed(result)) throw toConfigError(result.fault);
  return result;
}

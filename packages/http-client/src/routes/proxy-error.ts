import { TlsError, type TlsErrorCode, type TlsErrorDetails } from '@org/tls-core';
import type { ProxyRoute } from './route.ts';

interface ProxyErrorDetails extends TlsErrorDetails {
  readonly status?: number | undefined;
}

/**
 * A way through a proxy that could not be had. Its `code` is `ERR_TLS_PROXY` where the proxy refused or did not do what a proxy does, and
 * otherwise that of the fault on the way to the proxy: `ERR_TLS_TRANSPORT`, `ERR_TLS_CERTIFICATE_EXPIRED`, …
 */
export class ProxyError extends TlsError {
  readonly phase = 'proxy';
  /** The proxy's URL with its port and without credentials. */
  readonly proxy: ProxyRoute;
  /** What the proxy answered CONNECT with: 407 where it wants credentials, or others. */
  readonly status: number | undefined;

  constructor(proxy: ProxyRoute, code: TlsErrorCode, message: string, { status, ...details }: ProxyErrorDetails = {}) {
    super(code, message, details);
    this.proxy = proxy;
    this.status = status;
  }
}

/** Says of a failure on the way to a proxy which proxy that was. The code stays, and so does what is known of a certificate. */
export function onTheWayTo(proxy: ProxyRoute, error: TlsError): ProxyError {
  return new ProxyError(proxy, error.code, `${proxy}: ${error.message}`, {
    cause: error.code === 'ERR_TLS_TRANSPORT' ? error.cause : error,
    ...(error.certificate !== undefined && { certificate: error.certificate }),
    ...(error.alert !== undefined && {
      [error.direction === 'received' ? 'receivedAlert' : 'platformAlert']: error.alert,
    }),
  });
}

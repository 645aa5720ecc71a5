import { TlsError } from '@org/tls-core';

/** @throws TlsError `ERR_TLS_UNSUPPORTED` always: this runtime gives no access to a list of roots */
export function readDefaultRoots(): readonly string[] {
  throw unavailable();
}

/** @throws TlsError `ERR_TLS_UNSUPPORTED` always: this runtime gives no access to a list of roots */
export function readSystemRoots(): readonly string[] {
  throw unavailable();
}

function unavailable(): TlsError {
  return new TlsError(
    'ERR_TLS_UNSUPPORTED',
    'trust: this runtime has no store of roots; give PEM text or DER certificates instead',
    {
      option: 'trust',
    },
  );
}

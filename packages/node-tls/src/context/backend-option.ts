import type { TlsBackend } from '@org/tls-core';

/**
 * Gives an option `backend` back.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` on what is no backend, such as the name of one, which `TLS_BACKEND` and the configuration file take
 */
export function checkedBackend(given: TlsBackend | undefined): TlsBackend | undefined {
  const { createClientContext } = (given ?? {}) as Partial<TlsBackend>;
  if (given === undefined || given === null || typeof createClientContext === 'function') return given;
  const message = `The "backend" option must be a backend, as createBackend() of @org/tls-pure makes. Received type ${typeof given}`;
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}

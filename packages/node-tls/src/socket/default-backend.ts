import type { TlsBackend } from '@org/tls-core';
import { resolveBackendNow } from '@org/tls-core/config';
import { checkedBackend } from '../context/backend-option.ts';

let chosen: TlsBackend | undefined;

/** Has connections use this backend that do not name one. `undefined`: the environment or the configuration file says which. */
export function setDefaultBackend(backend: TlsBackend | undefined): void {
  chosen = checkedBackend(backend);
}

/**
 * The backend of connections that do not name one; looked up when the first asks for it.
 * @throws TlsError what `resolveBackendNow` throws
 */
export function defaultBackend(): TlsBackend {
  return (chosen ??= resolveBackendNow(undefined, { from: import.meta.url }));
}

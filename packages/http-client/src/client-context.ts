import type { TlsClientContext } from '@org/tls-core';
import { clientContext, type ClientTls } from '@org/tls-core/config';

/** Gives the one context that all connections of a client share. */
export type ContextSource = () => TlsClientContext | Promise<TlsClientContext>;

/**
 * Makes the context at once where nothing has to be looked up (a context, or a configuration with a backend value), so that a
 * bad configuration throws here; a backend known by its name, or not named at all, is looked up by the first connection.
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG`, `ERR_TLS_UNSUPPORTED` or `ERR_TLS_IDENTITY` as `TlsBackend.createClientContext` does
 */
export function contextSource(tls: ClientTls | undefined): ContextSource {
  if (tls !== undefined && 'createEngine' in tls) return () => tls;
  const { backend, ...config } = tls ?? {};
  if (typeof backend === 'object') {
    const context = backend.createClientContext(config);
    return () => context;
  }
  let pending: Promise<TlsClientContext> | undefined;
  return () => (pending ??= clientContext(tls));
}

import type { TlsBackend, TlsClientContext, TlsServerContext } from '../backend.ts';
import type { ClientConfig } from '../client-config.ts';
import type { ServerConfig } from '../server-config.ts';
import { resolveBackend } from './resolve-backend.ts';

/** A backend, or the name of one: `pure`, `native`, or a package. */
export type BackendChoice = TlsBackend | (string & {});

/** A context as it is, or a configuration and what to make it with. */
export type ClientTls = TlsClientContext | (ClientConfig & { readonly backend?: BackendChoice | undefined });
export type ServerTls = TlsServerContext | (ServerConfig & { readonly backend?: BackendChoice | undefined });

/**
 * A client's context. Make it once for many connections: it holds the parsed roots.
 * @throws TypeError, TlsError what `resolveBackend` and `TlsBackend.createClientContext` throw
 */
export async function clientContext(tls: ClientTls = {}): Promise<TlsClientContext> {
  if (isContext(tls)) return tls;
  const { backend, ...config } = tls;
  return (await resolveBackend(backend)).createClientContext(config);
}

/**
 * A server's context.
 * @throws TypeError, TlsError what `resolveBackend` and `TlsBackend.createServerContext` throw
 */
export async function serverContext(tls: ServerTls): Promise<TlsServerContext> {
  if (isContext(tls)) return tls;
  const { backend, ...config } = tls;
  return (await resolveBackend(backend)).createServerContext(config);
}

function isContext<Context extends TlsClientContext | TlsServerContext>(tls: Context | object): tls is Context {
  return 'createEngine' in tls;
}

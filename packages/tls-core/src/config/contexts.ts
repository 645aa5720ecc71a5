import type { TlsBackend } from '../backend.ts';
import type { TlsClientContext, TlsServerContext } from '../engine.ts';
import type { ClientConfig } from '../client-config.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { wrongType } from '../option-error.ts';
import { propertyOf, splitOptions } from '../own-options.ts';
import type { ServerConfig } from '../server-config.ts';
import type { BackendChoice } from './backend-choice.ts';
import { checkBackend } from './choose-backend.ts';
import type { CryptoName } from './crypto-choice.ts';
import { resolveBackend } from './resolve-backend.ts';

/** Says which backend a configuration is for. */
interface ForBackend {
  readonly backend?: BackendChoice | undefined;
  /** The crypto provider for the backend `pure`, which it chooses where `backend` says nothing. It cannot stand beside a backend that is a value. */
  readonly crypto?: CryptoName | undefined;
  /** The `import.meta.url` of the asking module, from which the package of a backend is found that is known by its name. */
  readonly from?: string | undefined;
}

/** A context, or a configuration and the backend to make one with. */
export type ClientTls = TlsClientContext | (ClientConfig & ForBackend);
export type ServerTls = TlsServerContext | (ServerConfig & ForBackend);

/**
 * Makes a client's context. Make it once for many connections, since it holds the parsed roots.
 * @throws TypeError, TlsError what `resolveBackend` and `TlsBackend.createClientContext` throw
 */
export async function clientContext(tls: ClientTls = {}): Promise<TlsClientContext> {
  return clientContextSource(tls)();
}

/**
 * Makes a server's context.
 * @throws TypeError, TlsError what `resolveBackend` and `TlsBackend.createServerContext` throw
 */
export async function serverContext(tls: ServerTls): Promise<TlsServerContext> {
  return contextSource(tls, undefined, (backend, config) => backend.createServerContext(config))();
}

/**
 * Gives a function that gives the same context at each call. Where nothing has to be looked up (a context, or a configuration with a backend
 * as a value), the context is made at once, so that a bad configuration throws here. A backend that is known by its name, or not named at
 * all, is looked up when the context is first asked for.
 * @param from the `import.meta.url` from which the package of a backend is found, unless the configuration says another
 */
export function clientContextSource(tls: ClientTls = {}, from?: string): () => MaybePromise<TlsClientContext> {
  return contextSource(tls, from, (backend, config) => backend.createClientContext(config));
}

function contextSource<Context extends TlsClientContext | TlsServerContext, Config extends object>(
  tls: Context | (Config & ForBackend),
  from: string | undefined,
  make: (backend: TlsBackend, config: Config) => Context,
): () => MaybePromise<Context> {
  if (isContext(tls)) return () => tls;
  const { taken, rest } = splitOptions<ForBackend, 'backend' | 'crypto' | 'from'>(tls, ['backend', 'crypto', 'from']);
  const { backend, crypto, from: asking = from } = taken as ForBackend;
  if (asking !== undefined && typeof asking !== 'string') throw wrongType('from', 'a URL', asking);
  const config = rest as Config;
  if (typeof backend === 'object' && backend !== null && crypto === undefined) {
    const context = make(checkBackend(backend), config);
    return () => context;
  }
  let pending: Promise<Context> | undefined;
  return () => (pending ??= resolveBackend(backend, { from: asking, crypto }).then((found) => make(found, config)));
}

function isContext<Context extends TlsClientContext | TlsServerContext>(tls: Context | object): tls is Context {
  return typeof propertyOf(tls, 'createEngine') === 'function';
}

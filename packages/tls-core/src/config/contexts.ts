import type { TlsBackend } from '../backend.ts';
import type { TlsClientContext, TlsServerContext } from '../engine.ts';
import type { ClientConfig } from '../client-config.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { wrongType } from '../option-error.ts';
import { propertyOf, splitOptions } from '../own-options.ts';
import type { ServerConfig } from '../server-config.ts';
import type { BackendChoice } from './backend-choice.ts';
import { checkBackend } from './choose-backend.ts';
import type { WithIdentityInput } from './identity-input.ts';
import { readKeyLog, type WithKeyLogInput } from './key-log.ts';
import { copyIdentities, needReading, readIdentities } from './read-identities.ts';
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
export type ClientTls = TlsClientContext | (WithKeyLogInput<WithIdentityInput<ClientConfig>> & ForBackend);
export type ServerTls = TlsServerContext | (WithKeyLogInput<WithIdentityInput<ServerConfig>> & ForBackend);

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
  return contextSource<TlsServerContext, ServerConfig>(tls, undefined, (backend, config) =>
    backend.createServerContext(config),
  )();
}

/**
 * Gives a function that gives the same context at each call. Where nothing has to be looked up and read (a context, or a configuration with a
 * backend as a value and an identity that backends take), the context is made at once, so that a bad configuration throws here. A backend
 * that is known by its name, or not named at all, is looked up when the context is first asked for, and an identity in another form is
 * read then.
 * @param from the `import.meta.url` from which packages are found, unless the configuration says another
 */
export function clientContextSource(tls: ClientTls = {}, from?: string): () => MaybePromise<TlsClientContext> {
  return contextSource<TlsClientContext, ClientConfig>(tls, from, (backend, config) =>
    backend.createClientContext(config),
  );
}

function contextSource<Context extends TlsClientContext | TlsServerContext, Config extends object>(
  tls: Context | (WithKeyLogInput<WithIdentityInput<Config>> & ForBackend),
  from: string | undefined,
  make: (backend: TlsBackend, config: Config) => Context,
): () => MaybePromise<Context> {
  if (isContext(tls)) return () => tls;
  type Taken = ForBackend & { readonly identity?: unknown; readonly keyLog?: unknown };
  const { taken, rest } = splitOptions<Taken, keyof Taken>(tls, ['backend', 'crypto', 'from', 'identity', 'keyLog']);
  const { backend, crypto, from: asking = from, identity, keyLog: givenKeyLog } = taken as Taken;
  if (asking !== undefined && typeof asking !== 'string') throw wrongType('from', 'a URL', asking);
  const identities = copyIdentities(identity);
  const keyLog = readKeyLog(givenKeyLog);
  const isValue = typeof backend === 'object' && backend !== null && crypto === undefined;
  if (isValue) checkBackend(backend);
  if (isValue && !needReading(identities)) {
    const context = make(backend, withTaken(rest, { identity: identities, keyLog }) as Config);
    return () => context;
  }
  const makeLater = async (): Promise<Context> => {
    const found = isValue ? backend : await resolveBackend(backend, { from: asking, crypto });
    const bases = asking === undefined ? [import.meta.url] : [asking, import.meta.url];
    return make(found, withTaken(rest, { identity: await readIdentities(identities, bases), keyLog }) as Config);
  };
  let pending: Promise<Context> | undefined;
  return () => (pending ??= makeLater());
}

/** Puts back into a configuration what was taken out of it and read. */
function withTaken(rest: object, taken: { readonly identity: unknown; readonly keyLog: unknown }): object {
  const config = Object.create(Object.getPrototypeOf(rest) as object | null) as object;
  const given = Object.fromEntries(Object.entries(taken).filter(([, value]) => value !== undefined));
  return Object.assign(config, rest, given);
}

function isContext<Context extends TlsClientContext | TlsServerContext>(tls: Context | object): tls is Context {
  return typeof propertyOf(tls, 'createEngine') === 'function';
}

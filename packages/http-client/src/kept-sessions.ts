import { MemorySessionStore, type SessionStore, type TlsClientContext, type TlsSession } from '@org/tls-core';
import { isPromiseLike, methods, wrongType } from '@org/tls-core/backend';
import type { Route } from './routes/route.ts';

/** What must be the same where a session is used again. */
export interface SessionScope {
  /** The origin has its own TLS options, so that no other one's session is used for it. */
  readonly origin: string;
  readonly serverName: string;
  /** A session that came through a proxy would tell the server, without it, who was behind the proxy. */
  readonly route: Route;
}

/** Gives the store of one connection; `undefined`: none of ours, so that the context's own is asked, if it has one. */
export type SessionsOf = (context: TlsClientContext, scope: () => SessionScope) => SessionStore | undefined;

/**
 * Reads the option `sessionStore`.
 * @param given `undefined`: sessions are kept in memory; false: the client keeps none
 * @throws TypeError on what is no store
 */
export function keptSessions(given: SessionStore | false | undefined): SessionsOf {
  if (given === false) return () => undefined;
  if ((given as unknown) === null || (given !== undefined && typeof given !== 'object'))
    throw wrongType('sessionStore', 'false, or an object with put() and take()', given);
  const kept =
    given === undefined ? new MemorySessionStore() : methods<SessionStore>('put', 'take')(given, 'sessionStore');
  return (context, scope) => {
    // a platform that keeps its sessions to itself refuses a store
    if (!context.backend.capabilities.client.features.resumption) return undefined;
    return {
      put: (_serverName, session) => kept.put(keyOf(scope()), session),
      take: () => kept.take(keyOf(scope())),
    };
  };
}

/** The key has each part in quotes, so that no origin can be taken for another one and a route. */
function keyOf({ origin, serverName, route }: SessionScope): string {
  return JSON.stringify([origin, serverName, route]);
}

/**
 * Has `seen` told of the session that a store gives at once.
 * @returns a store that is asked once: by the connection that it is for
 */
export function watchedStore(store: SessionStore, seen: (session: TlsSession) => void): SessionStore {
  return {
    put: (key, session) => store.put(key, session),
    take: (key) => {
      const taken = store.take(key);
      if (!isPromiseLike(taken) && taken !== undefined) seen(taken);
      return taken;
    },
  };
}

import type { MaybePromise } from '@org/tls-core';
import { checkTimeout } from '@org/tls-core/backend';
import { dial } from '@org/tls-core/node';
import { unlessAborted, within } from './deadline.ts';
import { dialTcp } from './dial-tcp.ts';
import { openThroughProxy } from './open-through-proxy.ts';
import { authorityOf, type Attempt, type Destination, type OpenedRoute, type OpenRoute } from './route.ts';
import type { SettingsOf } from './origins.ts';
import type { Way } from './way.ts';

/**
 * Makes what opens the ways of a client.
 * @param connectTimeout how long a whole way may take, until bytes reach the destination's TCP port or its socket, in milliseconds; with a
 *   proxy that is the connection to the proxy, its handshake and what it is told. 0 means that there is no limit
 * @throws TypeError, TlsError `ERR_TLS_CONFIG` on a time that cannot be
 */
export function createRoutes(settingsOf: SettingsOf, connectTimeout = 10_000): OpenRoute {
  checkTimeout('connectTimeout', connectTimeout);
  return (destination, attempt) => {
    const subject = `connection to ${authorityOf(destination)}`;
    return within({ milliseconds: connectTimeout, subject }, attempt.signal, async (signal) => {
      const way = await askWay(settingsOf(destination.origin).way(destination.origin), signal);
      return open(way, destination, { ...attempt, signal });
    });
  };
}

/** A function of the program's says the way, and may take its time. */
async function askWay(asked: MaybePromise<Way>, signal: AbortSignal): Promise<Way> {
  return unlessAborted(Promise.resolve(asked), signal);
}

async function open(way: Way, destination: Destination, attempt: Attempt): Promise<OpenedRoute> {
  if (way.kind === 'proxy') {
    return { transport: await openThroughProxy(way.proxy, destination, attempt), route: way.proxy.route };
  }
  if (way.kind === 'socket') {
    attempt.onPhase?.('connect');
    const transport = await dial({ path: way.path, signal: attempt.signal, connectTimeout: 0 });
    return { transport, route: `unix:${way.path}` };
  }
  const { host, port, localAddress } = destination;
  return { transport: await dialTcp({ host, port, localAddress }, attempt), route: 'direct' };
}

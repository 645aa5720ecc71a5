import { dial } from '@org/tls-core/node';
import type { Attempt, Destination, OpenedRoute, OpenRoute } from './route.ts';

/** @param connectTimeout how long a way to the destination's TCP port may take, in milliseconds */
export function createRoutes(connectTimeout: number | undefined): OpenRoute {
  return (destination, attempt) => openDirect(destination, attempt, connectTimeout);
}

async function openDirect(
  { host, port, localAddress }: Destination,
  { signal }: Attempt,
  connectTimeout: number | undefined,
): Promise<OpenedRoute> {
  const keptAlive = { keepAlive: true, keepAliveInitialDelay: 60_000 };
  const transport = await dial({ host, port, signal, connectTimeout, localAddress, ...keptAlive });
  return { transport, route: 'direct' };
}

import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { dial } from '@org/tls-core/node';
import type { Attempt } from './route.ts';

/** What TCP is to reach, and from where. */
interface TcpTarget {
  readonly host: string;
  readonly port: number;
  readonly localAddress: string | undefined;
}

/** Makes a connection of TCP, which is kept alive as undici keeps its own. Its time is bounded by whoever calls. */
export function dialTcp({ host, port, localAddress }: TcpTarget, { signal, onPhase }: Attempt): Promise<Socket> {
  onPhase?.(isIP(host) === 0 ? 'lookup' : 'connect');
  const lookup: LookupFunction = (name, options, done) =>
    lookUp(name, options, (error, address, family) => {
      if (error === null) onPhase?.('connect');
      done(error, address, family);
    });
  const keptAlive = { keepAlive: true, keepAliveInitialDelay: 60_000 };
  return dial({ host, port, localAddress, signal, connectTimeout: 0, ...(onPhase && { lookup }), ...keptAlive });
}

import type { Socket } from 'node:net';
import type { ProxyServer } from './proxy-server.ts';
import type { Destination } from './route.ts';

/**
 * Has a proxy open a tunnel over the connection to it, which is closed where this rejects. Bytes that are the destination's already stay in
 * the stream.
 */
export type OpenTunnel = (
  transport: Socket,
  proxy: ProxyServer,
  destination: Destination,
  signal: AbortSignal,
) => Promise<Socket>;

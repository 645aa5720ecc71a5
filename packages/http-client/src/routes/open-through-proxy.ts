import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import { isTlsError, TlsError } from '@org/tls-core';
import { connect } from '@org/tls-core/node';
import { aborted, unlessAborted } from './deadline.ts';
import { dialTcp } from './dial-tcp.ts';
import { openHttpTunnel } from './http-tunnel.ts';
import { onTheWayTo } from './proxy-error.ts';
import type { ProxyServer } from './proxy-server.ts';
import { isSocks } from './proxy-url.ts';
import type { Attempt, Destination } from './route.ts';
import { DestinationRefused, loadSocks } from './socks-tunnel.ts';

/** How many addresses of one name a `socks5:` proxy is asked for, each over a connection of its own. */
const maxAddresses = 8;

/** Opens a tunnel to the destination through a proxy. */
export async function openThroughProxy(
  proxy: ProxyServer,
  destination: Destination,
  attempt: Attempt,
): Promise<Socket> {
  if (proxy.scheme !== 'socks5:') return openTunnel(proxy, destination, attempt);
  const [first, ...others] = await addressesOf(destination.host, attempt);
  let opening = openTunnel(proxy, { ...destination, host: first }, attempt);
  for (const host of others.slice(0, maxAddresses - 1)) {
    opening = opening.catch((error: unknown) => {
      if (error instanceof DestinationRefused) return openTunnel(proxy, { ...destination, host }, attempt);
      throw error;
    });
  }
  return opening;
}

async function openTunnel(proxy: ProxyServer, destination: Destination, attempt: Attempt): Promise<Socket> {
  // What has to be loaded is there before the connection: between its making and the tunnel nobody listens to it.
  const open = isSocks(proxy.scheme) ? await loadSocks() : openHttpTunnel;
  const transport = await reach(proxy, destination.localAddress, attempt).catch((error: unknown) => {
    if (attempt.signal.aborted) throw aborted(attempt.signal);
    throw isTlsError(error) ? onTheWayTo(proxy.route, error) : error;
  });
  attempt.onPhase?.('proxy');
  return open(transport, proxy, destination, attempt.signal);
}

/** Makes the connection to the proxy itself. */
async function reach(proxy: ProxyServer, localAddress: string | undefined, attempt: Attempt): Promise<Socket> {
  const { host, port, serverName } = proxy;
  if (!proxy.isSecured) return dialTcp({ host, port, localAddress }, attempt);
  return connect({
    transport: async () => {
      const transport = await dialTcp({ host, port, localAddress }, attempt);
      attempt.onPhase?.('proxy');
      return transport;
    },
    serverName,
    alpnProtocols: ['http/1.1'],
    tls: await proxy.context(),
    signal: attempt.signal,
    // The time of the whole way is bounded by the signal.
    handshakeTimeout: 0,
  });
}

/** Looks the addresses of a name up here, in the order that the system gives. */
async function addressesOf(host: string, { signal, onPhase }: Attempt): Promise<readonly [string, ...string[]]> {
  if (isIP(host) !== 0) return [host];
  onPhase?.('lookup');
  const found = await unlessAborted(lookup(host, { all: true, order: 'verbatim' }), signal).catch((cause: unknown) => {
    if (signal.aborted) throw aborted(signal);
    throw new TlsError('ERR_TLS_TRANSPORT', `cannot find the address of ${host}`, { cause });
  });
  const [first, ...others] = found.map(({ address }) => address);
  if (first === undefined) throw new TlsError('ERR_TLS_TRANSPORT', `${host} has no address`);
  return [first, ...others];
}

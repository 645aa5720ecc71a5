import type { Duplex } from 'node:stream';
import type { SocksClientOptions } from 'socks';
import { aborted } from './deadline.ts';
import { ProxyError } from './proxy-error.ts';
import { SocksConversation } from './socks-conversation.ts';
import type { ProxyServer } from './proxy-server.ts';
import { authorityOf, type Destination } from './route.ts';
import type { OpenTunnel } from './tunnel.ts';

/** The library has a limit of time of its own, whose timer runs on when all is done. */
const libraryTimeout = 60_000;

/** RFC 1928 §4: the length of a name is one byte. */
const maxNameLength = 255;

/** The proxy was asked, and refuses this destination (RFC 1928 §6); another address of the same name may do. */
export class DestinationRefused extends ProxyError {}

/**
 * Loads the library that speaks SOCKS, when it is first needed, and gives what has a proxy open a tunnel (RFC 1928, RFC 1929). That rejects with a
 * ProxyError `ERR_TLS_PROXY` or a TlsError `ERR_TLS_ABORTED`, and closes the transport then.
 */
export async function loadSocks(): Promise<OpenTunnel> {
  const { SocksClient } = await import('socks');
  return async (transport, proxy, destination, signal) => {
    const close = (): void => void transport.destroy();
    signal.addEventListener('abort', close, { once: true });
    transport.on('error', ignore);
    try {
      if (signal.aborted) throw aborted(signal);
      const conversation = new SocksConversation(transport);
      await SocksClient.createConnection(optionsFor(conversation, proxy, destination));
      await conversation.stop();
      if (transport.destroyed) throw transport.errored ?? new Error('the connection is closed');
      transport.removeListener('error', ignore);
      return transport;
    } catch (error) {
      close();
      if (signal.aborted) throw aborted(signal);
      throw asProxyError(error, proxy, destination);
    } finally {
      signal.removeEventListener('abort', close);
    }
  };
}

function optionsFor(conversation: Duplex, proxy: ProxyServer, { host, port }: Destination): SocksClientOptions {
  if (host.length > maxNameLength) throw new Error('the name is too long for SOCKS');
  const login = proxy.login();
  return {
    existing_socket: conversation,
    command: 'connect',
    timeout: libraryTimeout,
    destination: { host, port },
    proxy: {
      // The library dials nothing here, and wants to have an address all the same.
      host: proxy.host,
      port: proxy.port,
      type: 5,
      ...(login !== undefined && { userId: login.username, password: login.password }),
    },
  };
}

/** A failure is told by the promise. */
function ignore(): void {
  // nothing to do
}

/** The library's own error is not passed on: it holds the options, and with them the password. */
function asProxyError(error: unknown, proxy: ProxyServer, destination: Destination): ProxyError {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${proxy.route} opens no tunnel to ${authorityOf(destination)}: ${reason}`;
  const Kind = /rejected connection/u.test(reason) ? DestinationRefused : ProxyError;
  return new Kind(proxy.route, 'ERR_TLS_PROXY', message);
}

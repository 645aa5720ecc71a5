import type { Socket } from 'node:net';
// By the name of its file: Bun puts a part of undici of its own in the place of what is imported as `undici`.
import { Client } from 'undici/index.js';
import { aborted, unlessAborted } from './deadline.ts';
import { ProxyError } from './proxy-error.ts';
import type { ProxyServer } from './proxy-server.ts';
import { authorityOf } from './route.ts';
import type { OpenTunnel } from './tunnel.ts';

/** How many bytes the fields of a proxy's answer may have: what Node and undici let a server's have. */
const maxHeaderSize = 16_384;

/**
 * Has an HTTP proxy open a tunnel (RFC 9110 §9.3.6): undici writes the CONNECT and reads the answer. It rejects with a ProxyError
 * `ERR_TLS_PROXY`, which has the `status` of an answer other than 2xx, or with a TlsError `ERR_TLS_ABORTED`.
 */
export const openHttpTunnel: OpenTunnel = async (transport, proxy, destination, signal) => {
  const authority = authorityOf(destination);
  const client = clientOver(transport, proxy);
  try {
    // curl and undici ask older proxies in this way to keep the connection, and undici says `connection: close` with every CONNECT.
    const headers = { ...proxy.connectHeaders(), host: authority, 'proxy-connection': 'keep-alive' };
    const { statusCode } = await unlessAborted(client.connect({ path: authority, headers }), signal);
    if (statusCode < 200 || statusCode > 299) throw refusal(proxy, authority, statusCode);
    return transport;
  } catch (error) {
    transport.on('error', () => undefined).destroy();
    if (signal.aborted) throw aborted(signal);
    throw error instanceof ProxyError ? error : noAnswer(proxy, error);
  } finally {
    // An open tunnel is no connection of the client any more. Without one, what the client still waits for fails in here.
    client.destroy(() => undefined);
  }
};

/** undici's client of one connection, which is there already. */
function clientOver(transport: Socket, proxy: ProxyServer): Client {
  let isTaken = false;
  return new Client(proxy.route, {
    // Time is bounded by the signal, for the whole way.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize,
    // RFC 9110 §9.3.6: what an answer of 2xx says of a body means nothing.
    strictContentLength: false,
    // undici does not expect an answer within the call.
    connect: (_options, done) => {
      const isFirst = !isTaken;
      isTaken = true;
      queueMicrotask(() => (isFirst ? done(null, transport) : done(new Error('there is one connection only'), null)));
    },
  });
}

function refusal(proxy: ProxyServer, authority: string, status: number): ProxyError {
  const hasTold = 'proxy-authorization' in proxy.connectHeaders();
  const wish = hasTold ? 'wants other credentials' : 'wants credentials';
  const reason = status === 407 ? wish : `refuses a tunnel to ${authority}`;
  return new ProxyError(proxy.route, 'ERR_TLS_PROXY', `${proxy.route} ${reason}: it answers ${status}`, { status });
}

/** The reason is told by its code alone: undici's error holds what the proxy sent, which may be what it was sent. */
function noAnswer(proxy: ProxyServer, error: unknown): ProxyError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason is known';
  return new ProxyError(proxy.route, 'ERR_TLS_PROXY', `${proxy.route} gives no answer of HTTP to CONNECT: ${code}`);
}

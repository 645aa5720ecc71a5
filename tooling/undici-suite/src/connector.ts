import type { Socket } from 'node:net';
import type { TlsClientContext } from '@org/tls-core';
import { clientContextSource } from '@org/tls-core/config';
import { connect, secure, whenSecure } from '@org/tls-core/node';
import type { buildConnector } from 'undici';
import { readTlsOptions, type GivenOptions, type TlsOptions } from './tls-options.ts';

/** undici's `buildConnector`. */
export type BuildConnector = (options: GivenOptions) => buildConnector.connector;

type Target = buildConnector.Options;
type Done = buildConnector.Callback;

const httpsPort = 443;

/**
 * Gives a `buildConnector` whose connections to `https:` are tls-core's, made as `@org/http-client` makes them. What is not TLS stays with
 * undici.
 * @param onConnection is called before each connection that is to be secured
 * @throws TypeError from the `buildConnector` on an option of node:tls that has no counterpart
 */
export function connectorInPlaceOf(build: BuildConnector, onConnection: () => void): BuildConnector {
  return (given) => {
    const plain = build(given);
    const options = readTlsOptions(given);
    const context = clientContextSource({ ...options.config, from: import.meta.url });
    return (target, done) => {
      if (target.protocol !== 'https:') return plain(target, done);
      onConnection();
      return void connectInto(done, async () => connectSecured(options, target, await context()));
    };
  };
}

async function connectSecured(options: TlsOptions, target: Target, context: TlsClientContext): Promise<Socket> {
  const { alpnProtocols, timeout, path, dialling, highWaterMark } = options;
  const serverName = target.servername || options.serverName || target.hostname;
  const common = { alpnProtocols, handshakeTimeout: timeout, highWaterMark };
  const { httpSocket, localAddress } = target;
  if (httpSocket !== undefined) {
    const over = secure(httpSocket, { context, serverName, ...common });
    await whenSecure(over);
    return over;
  }
  const shared = { tls: context, serverName, connectTimeout: timeout, ...common };
  const socket = await (path === undefined
    ? connect({
        host: target.hostname,
        port: Number(target.port || httpsPort),
        ...shared,
        ...dialling,
        ...(localAddress ? { localAddress } : {}),
      })
    : connect({ path, ...shared }));
  socket.setNoDelay(true);
  socket.setKeepAlive(dialling.keepAlive ?? true, dialling.keepAliveInitialDelay ?? 60_000);
  return socket;
}

/** What the callback throws is an uncaught exception, as it is with undici's own connector. */
async function connectInto(done: Done, connecting: () => Promise<Socket>): Promise<void> {
  const outcome = await connecting().catch((reason: unknown) => reason as Error);
  process.nextTick(() => (outcome instanceof Error ? done(outcome, null) : done(null, outcome)));
}

// An origin that misbehaves, over HTTP/1.1 and HTTP/2, and a proxy that does: the other side of the stress of the HTTP client.
// It sends the ports to its parent. CERT and KEY are PEM; SEED is the seed of what the proxy does; ORIGIN_PORT and PROXY_PORT are the ports, 0 for
// free ones.

import { once } from 'node:events';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { createProxy } from './proxy.ts';
import { Relay } from './relay.ts';

const { CERT: cert, KEY: key, SEED: seed = '1', ORIGIN_PORT: port = '0', PROXY_PORT: proxyPort = '0' } = process.env;

const origin = createSecureServer({ cert, key, allowHTTP1: true, handshakeTimeout: 10_000 });
for (const event of ['tlsClientError', 'sessionError', 'clientError']) origin.on(event, () => undefined);
origin.on('request', answer);

const relay = new Relay(await listen(origin, 0));
const ports = {
  origin: await listen(relay.listener, Number(port)),
  proxy: await listen(createProxy(Number(seed)), Number(proxyPort)),
};
process.send?.(ports);
// it ends with its parent
process.on('disconnect', () => process.exit());

/** Answers as the path says: `/manner/bytes`, with so many bytes before the manner shows. */
function answer(request: Http2ServerRequest, response: Http2ServerResponse): void {
  const [, manner = '', size = '0'] = request.url.split('/');
  const bytes = Buffer.alloc(Number(size), 'x');
  request.on('error', () => undefined).resume();
  response.on('error', () => undefined);
  if (manner === 'whole') {
    response.end(bytes);
    return;
  }
  if (manner === 'silent') return;
  const act = (): void => misbehave(manner, request, response);
  // some say nothing before
  if (bytes.length % 3 === 0) act();
  else response.write(bytes, act);
}

function misbehave(manner: string, { stream, socket }: Http2ServerRequest, response: Http2ServerResponse): void {
  const session = (stream as typeof stream | undefined)?.session;
  switch (manner) {
    case 'stalls':
      return;
    case 'cuts':
    case 'resets':
    case 'half-closes':
      return relay.end(socket.remotePort, manner);
    case 'gives-up':
      // the one stream by RST_STREAM, or the connection of HTTP/1.1
      return void response.destroy();
    case 'goes-away':
      session?.goaway();
      return void response.end();
    default:
      throw new Error(`${manner}: unknown`);
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

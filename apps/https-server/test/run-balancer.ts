import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Listens on one port and gives each connection to the next server, as a balancer of TCP does. */
export async function runBalancer(ports: readonly number[]): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((inner) => {
    const outer = connect(ports[accepted % ports.length] ?? 0, '127.0.0.1');
    accepted += 1;
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

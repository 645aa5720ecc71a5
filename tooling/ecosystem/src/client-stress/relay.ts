import { connect, createServer, type Server, type Socket } from 'node:net';

/** How a connection is ended below TLS. */
export type Cut = 'cuts' | 'resets' | 'half-closes';

/**
 * A relay of TCP before a server, which ends connections as a network does. To end a socket from below node:tls in the server's own process is
 * more than node:http2 of Node 20 survives.
 */
export class Relay {
  /** What listens for clients. */
  readonly listener: Server;
  /** Both sides of each connection, by the port that the server sees. */
  readonly #connections = new Map<number, { readonly client: Socket; readonly server: Socket }>();

  /** @param port the server's, on loopback */
  constructor(port: number) {
    this.listener = createServer({ allowHalfOpen: true }, (client) => this.#relay(client, port));
  }

  /** @param port the client's, as the server sees it; one that is gone already is no fault */
  end(port: number | undefined, how: Cut): void {
    const connection = this.#connections.get(port ?? 0);
    if (connection === undefined) return;
    const { client, server } = connection;
    switch (how) {
      case 'cuts':
        return void client.destroy();
      case 'resets':
        return void client.resetAndDestroy();
      case 'half-closes':
        server.unpipe(client).resume();
        return void client.end();
    }
  }

  #relay(client: Socket, port: number): void {
    const server = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    client.on('error', () => undefined).once('close', () => server.destroy());
    server.on('error', () => undefined).once('close', () => client.destroy());
    server.once('connect', () => {
      const { localPort = 0 } = server;
      this.#connections.set(localPort, { client, server });
      server.once('close', () => this.#connections.delete(localPort));
      client.pipe(server).pipe(client);
    });
  }
}

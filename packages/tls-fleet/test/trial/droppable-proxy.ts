import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut without anybody being told, as a network does that loses packets. */
export class DroppableProxy implements Disposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #drops = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<DroppableProxy> {
    const server = createServer();
    const proxy = new DroppableProxy(server);
    server.on('connection', (inner) => proxy.#join(inner, connect(port, '127.0.0.1')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes all bytes from now on, and hands none on. */
  drop(): void {
    this.#drops = true;
  }

  /** Cuts what has hung, and hands on what comes over new connections. */
  mend(): void {
    this.#drops = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(one: Socket, other: Socket): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => {
        if (!this.#drops) to.write(bytes);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        if (!this.#drops) to.destroy();
      });
    }
  }
}

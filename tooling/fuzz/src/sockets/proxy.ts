import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a network can do to a connection. */
export const mishaps = ['nothing', 'cut', 'reset', 'half-close', 'stall', 'garbage', 'drip'] as const;
export type Mishap = (typeof mishaps)[number];

export interface Plan {
  readonly mishap: Mishap;
  /** The direction of the byte at which it happens. */
  readonly way: 'up' | 'down';
  /** How many bytes go in that direction first. */
  readonly after: number;
  readonly garbage: Uint8Array;
}

/** A TCP proxy between a client and a server, on which mishaps are played. */
export class Proxy {
  readonly #server: Server;
  readonly #target: number;
  #plan: Plan = { mishap: 'nothing', way: 'up', after: Infinity, garbage: new Uint8Array(0) };
  readonly #open = new Set<Socket>();
  /** How many bytes of the last connection went in each direction. */
  passed = { up: 0, down: 0 };
  /** Is called when the network stands still for good. */
  onStall: () => void = () => undefined;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    server.on('connection', (client: Socket) => this.#accept(client));
  }

  static async open(target: number): Promise<Proxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new Proxy(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Says what happens to the next connection. */
  prepare(plan: Plan): void {
    this.#plan = plan;
    this.passed = { up: 0, down: 0 };
  }

  /** Ends all connections that are still open. */
  dropAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  get openSockets(): number {
    return this.#open.size;
  }

  #accept(client: Socket): void {
    const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const socket of [client, server]) {
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
      socket.on('error', () => socket.destroy());
    }
    const plan = this.#plan;
    const state = { isStalled: false };
    this.#carry(client, server, 'up', plan, state);
    this.#carry(server, client, 'down', plan, state);
  }

  #carry(from: Socket, to: Socket, way: Plan['way'], plan: Plan, state: { isStalled: boolean }): void {
    const isHere = plan.way === way;
    let passed = 0;
    let isOver = false;
    const happen = (): void => {
      isOver = true;
      this.#happen(plan, from, to);
      if (plan.mishap === 'stall') {
        state.isStalled = true;
        this.onStall();
      }
    };
    from.on('data', (chunk: Buffer) => {
      if (state.isStalled || to.destroyed) return;
      const left = isHere && !isOver ? plan.after - passed : Infinity;
      const now = chunk.subarray(0, left);
      passed += now.length;
      this.passed[way] = passed;
      if (plan.mishap === 'drip' && isHere) for (const byte of now) to.write(Uint8Array.of(byte));
      else if (now.length > 0) to.write(now);
      if (left > chunk.length) return;
      happen();
      const rest = chunk.subarray(now.length);
      if ((plan.mishap === 'garbage' || plan.mishap === 'nothing' || plan.mishap === 'drip') && rest.length > 0)
        to.write(rest);
    });
    from.on('end', () => {
      if (!to.destroyed && !state.isStalled) to.end();
    });
    from.on('close', () => {
      if (!to.destroyed) to.destroy();
    });
  }

  #happen(plan: Plan, from: Socket, to: Socket): void {
    switch (plan.mishap) {
      case 'cut':
        from.destroy();
        to.destroy();
        return;
      case 'reset':
        from.resetAndDestroy();
        to.resetAndDestroy();
        return;
      case 'half-close':
        to.end();
        return;
      case 'garbage':
        to.write(plan.garbage);
        return;
      default:
    }
  }
}

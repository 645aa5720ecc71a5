import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RedisFleetStatus } from '../../src/redis/index.ts';

const program = fileURLToPath(new URL('../processes/fleet-server.mjs', import.meta.url));

/** How a server of the fleet is made. */
export interface FleetServerConfig {
  readonly backend: string;
  readonly client: 'ioredis' | 'iovalkey' | 'node-redis';
  readonly redisPort: number;
  readonly secret: string;
  readonly rotationInterval: number;
  readonly sessionLifetimeSeconds: number;
  readonly pollInterval: number;
  readonly deadline: number;
  readonly identity: object;
}

/** What a server has seen. */
export interface Seen {
  readonly handshakes: number;
  /** Codes of handshakes that failed. */
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
  /** How often each early data was taken. */
  readonly early: Readonly<Record<string, number>>;
}

/** A server in a process of its own. */
export class FleetServer implements AsyncDisposable {
  readonly #config: FleetServerConfig;
  #child: ChildProcess | undefined;
  #ports = { port: 0, earlyPort: 0 };
  #lastId = 0;
  readonly #waiting = new Map<number, (reply: unknown) => void>();

  constructor(config: FleetServerConfig) {
    this.#config = config;
  }

  get port(): number {
    return this.#ports.port;
  }

  get earlyPort(): number {
    return this.#ports.earlyPort;
  }

  async start(): Promise<void> {
    const child = fork(program, { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let printed = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const ended = once(child, 'close').then(() => {
      throw new Error(`a server of the fleet has ended: ${printed}`);
    });
    ended.catch(() => undefined);
    child.send(this.#config);
    const [ports] = (await Promise.race([once(child, 'message'), ended])) as [
      { readonly port: number; readonly earlyPort: number },
    ];
    this.#ports = ports;
    this.#child = child;
    child.on('message', ({ id, reply }: { readonly id: number; readonly reply: unknown }) => {
      this.#waiting.get(id)?.(reply);
      this.#waiting.delete(id);
    });
  }

  seen(): Promise<Seen> {
    return this.#ask('seen') as Promise<Seen>;
  }

  status(): Promise<RedisFleetStatus> {
    return this.#ask('status') as Promise<RedisFleetStatus>;
  }

  check(): Promise<RedisFleetStatus> {
    return this.#ask('check') as Promise<RedisFleetStatus>;
  }

  /** The name of the key that seals; empty where there is none. */
  sealing(): Promise<string> {
    return this.#ask('sealing') as Promise<string>;
  }

  async rotate(): Promise<void> {
    await this.#ask('rotate');
  }

  /** Kills it, as a kernel does that is out of memory. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #ask(ask: string): Promise<unknown> {
    return new Promise((resolve) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, resolve);
      this.#child?.send({ id: this.#lastId, ask });
    });
  }
}

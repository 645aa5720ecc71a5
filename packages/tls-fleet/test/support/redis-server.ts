import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** Debian's redis-server on a port of its own, which can be stopped, frozen and started again. */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #options: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string, options: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  /** @param options more of redis-server's, e.g. `['--cluster-enabled', 'yes']` */
  static async start(options: readonly string[] = []): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'tls-fleet-redis-'));
    for (let attempt = 1; ; attempt += 1) {
      // Another attempt is for a port that somebody else took in between.
      // oxlint-disable-next-line no-await-in-loop
      const server = new RedisServer(await freePort(), folder, options);
      try {
        // oxlint-disable-next-line no-await-in-loop
        await server.start();
        return server;
      } catch (error) {
        if (attempt === 3 || !String(error).includes('Address already in use')) throw error;
      }
    }
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('redis-server does not run');
    return this.#child.pid;
  }

  async start(): Promise<void> {
    const ports = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.#folder];
    const child = spawn('redis-server', [...ports, '--save', '', ...this.#options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let printed = '';
    const isReady = new Promise<void>((resolve, reject) => {
      const read = (text: string): void => {
        printed += text;
        if (printed.includes('Ready to accept connections')) resolve();
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      child.once('error', (cause) => reject(new Error('apt-get install redis-server', { cause })));
      child.once('close', () => reject(new Error(`redis-server has ended: ${printed}`)));
    });
    await isReady;
  }

  /** Ends it at once, without a snapshot. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await gone;
  }

  /** Freezes the process: connections stay, and nobody answers. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** A client that nobody but the test uses. */
  client(): Redis {
    return new Redis({ host: '127.0.0.1', port: this.port, lazyConnect: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

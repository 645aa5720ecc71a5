import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Pems, Variant } from './endpoint.ts';
import type { Ask } from './side.ts';
import type { Workload } from './workload.ts';

export interface Sample {
  /** Units for each second. */
  readonly rate: number;
  /** The microseconds of CPU for each unit. */
  readonly clientCpu: number;
  readonly serverCpu: number;
}

interface Measured {
  readonly cpu: number;
  readonly rss: number;
}

/** A client and a server of one variant, each in a process of its own. */
export class Pair {
  readonly #client: ChildProcess;
  readonly #server: ChildProcess;
  readonly #port: number;

  private constructor(client: ChildProcess, server: ChildProcess, port: number) {
    this.#client = client;
    this.#server = server;
    this.#port = port;
  }

  static async open(variant: Variant, pems: Pems): Promise<Pair> {
    const [client, server] = [start(), start()];
    try {
      const port = await ask<number>(server, { do: 'open', variant, pems, listen: true });
      await ask(client, { do: 'open', variant, pems, listen: false });
      return new Pair(client, server, port);
    } catch (error) {
      client.disconnect();
      server.disconnect();
      throw error;
    }
  }

  async sample(workload: Workload, amount: number): Promise<Sample> {
    const [client, server] = await this.#measure(false);
    const seconds = await ask<number>(this.#client, { do: 'drive', port: this.#port, workload, amount });
    const [clientAfter, serverAfter] = await this.#measure(false);
    return {
      rate: amount / seconds,
      clientCpu: (clientAfter.cpu - client.cpu) / amount,
      serverCpu: (serverAfter.cpu - server.cpu) / amount,
    };
  }

  /** Gives the KiB of resident memory for each idle connection, of the client and of the server. */
  async idleKibibytes(connections: number): Promise<readonly [number, number]> {
    const before = await this.#measure(true);
    await ask(this.#client, { do: 'hold', port: this.#port, amount: connections });
    const after = await this.#measure(true);
    return [(after[0].rss - before[0].rss) / 1024 / connections, (after[1].rss - before[1].rss) / 1024 / connections];
  }

  close(): void {
    this.#client.disconnect();
    this.#server.disconnect();
  }

  async #measure(collects: boolean): Promise<readonly [Measured, Measured]> {
    const request = { do: 'measure', collects } as const;
    return [await ask<Measured>(this.#client, request), await ask<Measured>(this.#server, request)];
  }
}

/**
 * Once a process holds 8 MiB of objects, V8 may mark all of them again for every 64 MiB of buffers that come and go. Without
 * `--no-incremental-marking` one would measure on which side of that limit a process happens to be.
 */
const execArgv = ['--expose-gc', '--no-incremental-marking'];

function start(): ChildProcess {
  return fork(fileURLToPath(new URL('./side.js', import.meta.url)), { execArgv });
}

async function ask<T>(child: ChildProcess, request: Ask): Promise<T> {
  const answered = once(child, 'message', { signal: AbortSignal.timeout(60_000) });
  child.send(request);
  const [reply] = (await answered) as [{ readonly value: T; readonly error?: string }];
  if (reply.error !== undefined) throw new Error(reply.error);
  return reply.value;
}

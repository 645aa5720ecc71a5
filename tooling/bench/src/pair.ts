import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Identity, Scene } from './endpoint.ts';
import type { Ask, Driven, Measured, Reply } from './side.ts';

/** What one run of a case took. */
export interface Sample {
  readonly seconds: number;
  /** Units for each second. */
  readonly rate: number;
  /** The microseconds of CPU for each unit. */
  readonly clientCpu: number;
  readonly serverCpu: number;
}

export interface PairOptions {
  readonly subject: string;
  /** The subject on the server's side, where it is another one. */
  readonly server: string;
  readonly workload: string;
  /** The binary of the Node that both sides run under. */
  readonly node: string;
  /** MiB of objects that both processes hold beside what is measured. */
  readonly heapMebibytes: number;
}

/** What a case needs to be set up in a pair. */
export interface Credentials {
  readonly ca: string;
  readonly identities: readonly Identity[];
}

/** A client and a server, each in a process of its own. */
export class Pair {
  readonly #client: Side;
  readonly #server: Side;

  private constructor(node: string) {
    this.#client = new Side(node);
    this.#server = new Side(node);
  }

  /** @throws Error where the subject cannot be loaded; no process is left then */
  static async open({ subject, server, workload, node, heapMebibytes }: PairOptions): Promise<Pair> {
    const pair = new Pair(node);
    try {
      const load = { do: 'load', workload, heapMebibytes } as const;
      await Promise.all([pair.#server.ask({ ...load, subject: server }), pair.#client.ask({ ...load, subject })]);
      return pair;
    } catch (error) {
      pair.close();
      throw error;
    }
  }

  /** @throws Error where the subject cannot do the case */
  async setUp(name: string, scene: Scene, { ca, identities }: Credentials): Promise<void> {
    const [identity] = identities;
    if (identity === undefined) throw new Error('a server needs an identity');
    const port = await this.#server.ask<number>({ do: 'listen', name, scene, identities });
    await this.#client.ask({ do: 'aim', name, scene, target: { ca, port, identity } });
  }

  async renew(name: string, identities: readonly Identity[]): Promise<void> {
    await this.#server.ask({ do: 'renew', name, identities });
  }

  async sample(name: string, amount: number): Promise<Sample> {
    const [client, server] = await this.measure(false);
    const { seconds, times } = await this.drive(name, amount);
    const [clientAfter, serverAfter] = await this.measure(false);
    return {
      seconds,
      rate: amount / seconds,
      clientCpu: (times?.client ?? clientAfter.cpu - client.cpu) / amount,
      serverCpu: (times?.server ?? serverAfter.cpu - server.cpu) / amount,
    };
  }

  async prepare(name: string): Promise<void> {
    await this.#client.ask({ do: 'prepare', name });
  }

  drive(name: string, amount: number): Promise<Driven> {
    return this.#client.ask<Driven>({ do: 'drive', name, amount });
  }

  /** Gives what the client and the server took until now. */
  async measure(collects: boolean): Promise<readonly [Measured, Measured]> {
    const request = { do: 'measure', collects } as const;
    return [await this.#client.ask<Measured>(request), await this.#server.ask<Measured>(request)];
  }

  close(): void {
    this.#client.close();
    this.#server.close();
  }
}

/** One of the two processes. */
class Side {
  readonly #process: ChildProcess;

  constructor(node: string) {
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#process = fork(fileURLToPath(new URL('./side.js', import.meta.url)), { execPath: node, execArgv: [], env });
  }

  async ask<T>(request: Ask): Promise<T> {
    const answered = once(this.#process, 'message', { signal: AbortSignal.timeout(longestAnswer) });
    this.#process.send(request);
    const [reply] = (await answered) as [Reply];
    if ('error' in reply) throw new Error(reply.error);
    return reply.value as T;
  }

  close(): void {
    this.#process.disconnect();
  }
}

/** A process that hangs ends the run after so many milliseconds. */
const longestAnswer = 120_000;

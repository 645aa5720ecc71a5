import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isTlsError, type ProtocolVersion, type TlsClientContext } from '@org/tls-core';
import { createServer, type TlsServer, type TlsSocket } from '@org/tls-core/node';
import { Finding, type FuzzCase, type Fuzzer } from '../fuzzer.ts';
import { real, realText } from '../inputs/corpus.ts';
import { createSubject, type SubjectName } from '../peer/subject.ts';
import type { Random } from '../random.ts';
import { converse } from './conversation.ts';
import { clientHabits, faithfulHabits, serverHabits, type ClientHabit, type ServerHabit } from './habits.ts';
import { mishaps, Proxy, type Plan } from './proxy.ts';

/** Makes real TCP connections through a network that cuts, resets, stalls, half-closes and garbles them, at any of their bytes. */
export const socketsFuzzer: Fuzzer = {
  name: 'sockets',
  casesInTests: 200,
  async start() {
    const lines = await Promise.all(
      (['pure (node)', 'pure (native)', 'native'] as const).flatMap((subject) =>
        (['TLSv1.2', 'TLSv1.3'] as const).map((version) => Line.open(subject, version)),
      ),
    );
    for (const line of lines) await line.rehearse();
    const fuzzCase: FuzzCase = async (random, note) => {
      const line = random.pick(lines);
      const way = random.oneIn(2) ? 'up' : 'down';
      // Beyond the last byte, something may happen to the close.
      const plan: Plan = {
        mishap: random.pick(mishaps),
        way,
        after: random.below(line.lengths[way] + 1),
        garbage: random.bytes(random.between(1, 50)),
      };
      const habits = drawHabits(random);
      note(`${line.name}: ${plan.mishap} ${way} after ${plan.after} bytes`);
      note(`client ${habits.client}, server ${habits.server}${habits.isDeaf ? ' and listens to no error' : ''}`);
      note(`ends with ${await line.run(plan, habits)}`);
    };
    return fuzzCase;
  },
};

/** What the programs at both ends do. */
interface Habits {
  readonly client: ClientHabit;
  readonly server: ServerHabit;
  /** Whether nobody listens to the errors of the server's sockets. */
  readonly isDeaf: boolean;
}

const plainHabits: Habits = { client: 'asks', server: 'echoes', isDeaf: false };

function drawHabits(random: Random): Habits {
  if (random.oneIn(2)) return plainHabits;
  const server = random.pick(Object.keys(serverHabits) as ServerHabit[]);
  return { client: random.pick(clientHabits), server, isDeaf: random.oneIn(2) };
}

/** A server, a client's context and the network between them. */
class Line {
  readonly name: string;
  readonly #server: TlsServer;
  readonly #context: TlsClientContext;
  readonly #proxy: Proxy;
  /** How many bytes an undisturbed connection has in each direction. */
  lengths = { up: 0, down: 0 };
  #broken: Finding | undefined;
  #open = 0;
  #habits = plainHabits;

  private constructor(name: string, server: TlsServer, context: TlsClientContext, proxy: Proxy) {
    this.name = name;
    this.#server = server;
    this.#context = context;
    this.#proxy = proxy;
    server.on('secureConnection', (socket: TlsSocket) => {
      this.#watch(socket);
      serverHabits[this.#habits.server](socket);
    });
    server.on('tlsClientError', (error: Error) => {
      if (!isTlsError(error)) this.#broken ??= new Finding('tlsClientError is no TlsError', { cause: error });
    });
  }

  static async open(subject: SubjectName, version: ProtocolVersion): Promise<Line> {
    const backend = createSubject(subject);
    const identity = { certificateChain: realText('chain p256'), privateKey: real('key p256') };
    const server = await createServer({ tls: { backend, identity }, handshakeTimeout: 0 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // The program may end, whatever is still listening.
    server.unref();
    const proxy = await Proxy.open((server.address() as AddressInfo).port);
    const trust = real('certificate root');
    const context = backend.createClientContext({ trust, minVersion: version, maxVersion: version });
    return new Line(`${subject}, ${version}`, server, context, proxy);
  }

  async rehearse(): Promise<void> {
    const nothing: Plan = { mishap: 'nothing', way: 'up', after: Infinity, garbage: new Uint8Array(0) };
    const outcome = await this.run(nothing, plainHabits);
    if (outcome !== 'ended') throw new Error(`${this.name}: ${outcome} without any mishap`);
    this.lengths = this.#proxy.passed;
  }

  /** Runs one connection until nothing of it is open. */
  async run(plan: Plan, habits: Habits): Promise<string> {
    const abort = new AbortController();
    this.#habits = habits;
    this.#proxy.prepare(plan);
    // The client gives up on a network that stands still, in the next turn.
    this.#proxy.onStall = () => void setImmediate(() => abort.abort());
    const watchdog = this.#watchdog();
    const isAnswered = faithfulHabits.includes(habits.server) && habits.client.startsWith('asks');
    // A client that gets no answer does not wait endlessly.
    if (!isAnswered) void turns(200).then(() => abort.abort());
    // Garbage in a length announces bytes that nobody sends, so that both sides may wait for each other.
    if (plan.mishap === 'garbage') void this.#untilQuiet().then(() => abort.abort());
    try {
      const talk = { habit: habits.client, isAnswered, signal: abort.signal };
      const outcome = await Promise.race([converse(this.#context, this.#proxy.port, talk), watchdog.expired]);
      this.#proxy.dropAll();
      // A connection that is not read never ends, as in node:net.
      if (habits.server === 'does not read') this.#server.closeAllConnections();
      await Promise.race([this.#untilClosed(), watchdog.expired]);
      if (this.#broken !== undefined) throw this.#broken;
      return outcome;
    } finally {
      watchdog.stop();
      this.#broken = undefined;
    }
  }

  /** Waits until no byte has passed for so many turns that nobody is about to send one. */
  async #untilQuiet(): Promise<void> {
    let before = -1;
    while (before !== this.#proxy.passed.up + this.#proxy.passed.down) {
      before = this.#proxy.passed.up + this.#proxy.passed.down;
      await turns(1000);
    }
  }

  async #untilClosed(): Promise<void> {
    while (this.#open > 0 || this.#proxy.openSockets > 0 || (await this.#connections()) > 0)
      await new Promise((resolve) => setImmediate(resolve));
  }

  #connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  /** Waits far longer than anything takes, even on a machine that has much else to do. */
  #watchdog(): { readonly expired: Promise<never>; stop(): void } {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#server.closeAllConnections();
        this.#proxy.dropAll();
        reject(new Finding(`still open after a minute: ${this.#open} sockets of the server`));
      }, 60_000);
    });
    expired.catch(() => undefined);
    return { expired, stop: () => clearTimeout(timer) };
  }

  #watch(socket: TlsSocket): void {
    this.#open += 1;
    let errors = 0;
    socket.on('close', () => (this.#open -= 1));
    if (this.#habits.isDeaf) return;
    socket.on('error', (error: Error) => {
      errors += 1;
      if (errors > 1) this.#broken ??= new Finding('a socket of the server fails twice', { cause: error });
      if (!isTlsError(error)) this.#broken ??= new Finding('an error of the server is no TlsError', { cause: error });
    });
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Random } from '@org/fuzz/random';
import { habits, type Client } from './habits.ts';
import { activeResources, bytesInUse, listenersOf, Witness } from './leftovers.ts';
import { answer } from './pages.ts';
import { patience, type Subject } from './subject.ts';

export interface StressReport extends Leftovers {
  readonly subject: string;
  readonly requests: number;
  /** How many handshakes the server has done. */
  readonly handshakes: number;
}

/** What is there when requests are done. */
export interface Leftovers {
  /** After each part of the requests; the first is from before them, and the second from after the warming up. */
  readonly after: readonly State[];
  /** What listens to long-lived objects, before and after. */
  readonly listeners: readonly [before: object, after: object];
}

export interface State {
  /** How many requests there were. */
  readonly requests: number;
  readonly connections: number;
  readonly resources: Readonly<Record<string, number>>;
  /** Sockets of both sides that the garbage collector has not taken. */
  readonly sockets: number;
  readonly bytes: number;
}

const atOnce = 16;

/** Does `requests` requests in `parts` parts, each with a habit that the seed draws, and looks after each part at what is left. */
export async function stress(subject: Subject, requests: number, seed: number, parts = 4): Promise<StressReport> {
  const { listener, http } = subject;
  const witness = new Witness();
  /** Connections of both sides: what a side does when one closes is done a turn later, and is nothing that is left. */
  const open = new Set<Socket>();
  const watch = (transport: Socket): void => {
    witness.see(transport);
    open.add(transport);
    transport.once('close', () => open.delete(transport));
  };
  listener.on('connection', watch);
  let handshakes = 0;
  listener.on('secureConnection', (socket: Socket) => {
    handshakes += 1;
    witness.see(socket);
  });
  http.on('request', answer);
  http.timeout = patience;
  http.headersTimeout = 60_000;
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const secure = (transport: Socket): Socket => {
    watch(transport);
    const socket = subject.secure(transport);
    witness.see(socket);
    return socket;
  };
  const listeners = (): object => ({
    listener: listenersOf(listener),
    http: listenersOf(http),
    process: listenersOf(process),
  });
  const look = async (done: number): Promise<State> => {
    await allClosed(open);
    await nextTurn();
    let bytes = await bytesInUse();
    // A socket that closed last may be held by a turn that is not over; one that is lost stays.
    for (let round = 0; round < patientRounds && witness.alive() > 0; round += 1) bytes = await bytesInUse();
    return { requests: done, connections: open.size, resources: activeResources(), sockets: witness.alive(), bytes };
  };
  const before = listeners();
  const after = [await look(0)];
  for (let part = 0; part < parts; part += 1) {
    const agent = new SecuringAgent(secure, port);
    const first = Math.floor((requests * part) / parts);
    const last = Math.floor((requests * (part + 1)) / parts);
    await doAll(first, last, (index) => ({ port, secure, agent, random: new Random(seed, index) }));
    agent.destroy();
    after.push(await look(last));
  }
  const report = { subject: subject.name, requests, handshakes, after, listeners: [before, listeners()] as const };
  http.close();
  if (listener !== http) listener.close();
  return report;
}

/** So often is garbage collected once more before a socket counts as lost. */
const patientRounds = 10;

/** Waits until all are closed. It is a function of its own, so that no frame holds a socket afterwards. */
async function allClosed(open: ReadonlySet<Socket>): Promise<void> {
  while (open.size > 0) await once([...open][0] as Socket, 'close');
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Does the requests from `first` to `last`, some at once. */
async function doAll(first: number, last: number, clientOf: (index: number) => Client): Promise<void> {
  let next = first;
  const work = async (): Promise<void> => {
    while (next < last) {
      const client = clientOf((next += 1));
      await client.random.pick(habits)(client);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Keeps connections for later requests, as Node's agents do. */
class SecuringAgent extends Agent {
  readonly #dial: () => Socket;

  constructor(secure: (transport: Socket) => Socket, port: number) {
    super({ keepAlive: true, maxSockets: 4 });
    this.#dial = () => secure(connect(port, '127.0.0.1'));
  }

  override createConnection(): Socket {
    return this.#dial();
  }
}

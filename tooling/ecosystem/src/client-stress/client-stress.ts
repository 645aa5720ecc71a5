import { getEventListeners, setMaxListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { Random } from '@org/fuzz/random';
import { activeResources, bytesInUse, listenersOf } from '../stress/leftovers.ts';
import type { Leftovers, State } from '../stress/stress.ts';
import { habits } from './habits.ts';
import { WatchedSockets } from './watched-sockets.ts';
import type { Requester } from './ways.ts';

export interface ClientReport extends Leftovers {
  readonly requests: number;
  /** How many requests got their whole answer. */
  readonly whole: number;
  /** How often each error came, by its code or its name. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What the requests are done with. */
export interface Plan {
  readonly createClient: () => Requester;
  readonly origin: string;
  readonly requests: number;
  readonly seed: number;
  readonly parts?: number;
}

const atOnce = 16;

/** Does requests in parts, each with a client of its own and habits that the seed draws, and looks after each part at what is left. */
export async function stressClient({ createClient, origin, requests, seed, parts = 4 }: Plan): Promise<ClientReport> {
  const sockets = new WatchedSockets();
  const forever = new AbortController();
  setMaxListeners(0, forever.signal);
  const listeners = (): object => ({
    process: listenersOf(process),
    signal: getEventListeners(forever.signal, 'abort').length,
  });
  const errors: Record<string, number> = {};
  let whole = 0;
  const doOne = async (requester: Requester, index: number): Promise<void> => {
    const random = new Random(seed, index);
    try {
      if (await random.pick(habits)({ requester, origin, random, signal: forever.signal })) whole += 1;
    } catch (error) {
      const name = nameOf(error);
      errors[name] = (errors[name] ?? 0) + 1;
    }
  };
  const look = async (done: number, first?: State): Promise<State> => {
    const isClean = (): boolean =>
      sockets.open === 0 && (first === undefined || isDeepStrictEqual(activeResources(), first.resources));
    for (let round = 0; round < patientRounds && !isClean(); round += 1) await pause();
    let bytes = await bytesInUse();
    for (let round = 0; round < patientRounds && sockets.alive > 0; round += 1) bytes = await bytesInUse();
    return { requests: done, connections: sockets.open, resources: activeResources(), sockets: sockets.alive, bytes };
  };
  const before = listeners();
  const first = await look(0);
  const after = [first];
  for (let part = 0; part < parts; part += 1) {
    const [from, to] = [part, part + 1].map((end) => Math.floor((requests * end) / parts)) as [number, number];
    await withClient(createClient, (requester) => doAll(from, to, (index) => doOne(requester, index)));
    after.push(await look(to, first));
  }
  sockets.stop();
  return { requests, after, listeners: [before, listeners()], whole, errors };
}

/** So often is looked again before something counts as left. */
const patientRounds = 100;

/** Does the requests from `first` to `last`, some at once. */
async function doAll(first: number, last: number, doOne: (index: number) => Promise<void>): Promise<void> {
  let next = first;
  const work = async (): Promise<void> => {
    while (next < last) await doOne((next += 1));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** It is a function of its own, so that no frame holds a client afterwards. */
async function withClient(create: () => Requester, use: (requester: Requester) => Promise<void>): Promise<void> {
  const requester = create();
  await use(requester);
  await requester.close();
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.name;
}

/** Lets a timer of a library pass. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
}

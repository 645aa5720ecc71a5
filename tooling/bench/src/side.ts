// One side of one subject in a process of its own. It does what its parent asks, one request at a time.
import { setImmediate } from 'node:timers/promises';
import { required, type Endpoint, type Identity, type Listener } from './endpoint.ts';
import { applicationHeap, CollectionCounter, settleHeap } from './heap.ts';
import { subjectNamed } from './subjects.ts';
import { loadWorkload, type Case, type DrivingClient, type SideTimes, type Workload } from './workload.ts';

export type Ask =
  | { readonly do: 'load'; readonly subject: string; readonly workload: string; readonly heapMebibytes: number }
  | {
      readonly do: 'listen';
      readonly name: string;
      readonly scene: Case['scene'];
      readonly identities: readonly Identity[];
    }
  | { readonly do: 'renew'; readonly name: string; readonly identities: readonly Identity[] }
  | { readonly do: 'aim'; readonly name: string; readonly scene: Case['scene']; readonly target: Target }
  | { readonly do: 'prepare'; readonly name: string }
  | { readonly do: 'drive'; readonly name: string; readonly amount: number }
  /** With a garbage collection V8 drops compiled code, so that only memory is measured after one. */
  | { readonly do: 'measure'; readonly collects: boolean };

/** What a client is told of its server. */
export type Target = Pick<DrivingClient, 'ca' | 'identity' | 'port'>;

/** What `measure` answers. */
export interface Measured {
  /** Microseconds of user and system together, of all threads. */
  readonly cpu: number;
  /** Bytes of resident memory. */
  readonly rss: number;
  /** Major collections since the process began to count them. */
  readonly collections: number;
}

/** What `drive` answers. */
export interface Driven {
  readonly seconds: number;
  readonly times?: SideTimes;
}

export type Reply = { readonly value: unknown } | { readonly error: string };

let endpoint: Endpoint | undefined;
let workload: Workload | undefined;
let collections: CollectionCounter | undefined;
const listeners = new Map<string, Listener>();
const clients = new Map<string, DrivingClient>();

process.on('message', (ask: Ask) => {
  const answer = async (): Promise<unknown> => answers[ask.do](ask as never);
  answer().then(
    (value) => reply({ value }),
    (error: unknown) => reply({ error: String(error) }),
  );
});
process.once('disconnect', () => process.exit());

function reply(given: Reply): void {
  process.send?.(given, undefined, undefined, () => undefined); // a parent that is gone needs no answer
}

const answers: { readonly [Do in Ask['do']]: (ask: Extract<Ask, { readonly do: Do }>) => unknown } = {
  load,
  listen,
  renew: ({ name, identities }) => required(listeners.get(name), 'listener').renew(identities),
  aim,
  prepare: ({ name }) => workload?.prepare?.(required(clients.get(name), 'client'), caseNamed(name).parameters),
  drive,
  measure,
};

async function load({ subject, workload: id, heapMebibytes }: Extract<Ask, { readonly do: 'load' }>): Promise<void> {
  workload = await loadWorkload(id);
  endpoint = await subjectNamed(subject).load();
  applicationHeap.hold(heapMebibytes);
  if (workload.measures === 'collections') collections = new CollectionCounter();
}

async function listen({ name, scene, identities }: Extract<Ask, { readonly do: 'listen' }>): Promise<number> {
  const { parameters } = caseNamed(name);
  const [identity] = identities;
  if (workload?.listen !== undefined) return workload.listen(required(identity, 'identity'), parameters);
  const make = required(endpoint?.listen, 'server');
  const listener = await make({ scene, identities, onSocket: (socket) => workload?.serve?.(socket, parameters) });
  listeners.set(name, listener);
  return listener.port;
}

async function aim({ name, scene, target }: Extract<Ask, { readonly do: 'aim' }>): Promise<void> {
  const make = required(endpoint?.dialer, 'client');
  const dialer = await make({ scene, ca: target.ca });
  const backend = endpoint?.backend;
  clients.set(name, { ...dialer, ...target, ...(backend !== undefined && { backend }) });
}

async function drive({ name, amount }: Extract<Ask, { readonly do: 'drive' }>): Promise<Driven> {
  const client = required(clients.get(name), 'client');
  const startedAt = performance.now();
  const times = await workload?.drive(client, caseNamed(name).parameters, amount);
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, ...(times !== undefined && { times }) };
}

async function measure({ collects }: Extract<Ask, { readonly do: 'measure' }>): Promise<Measured> {
  const { user, system } = process.cpuUsage();
  if (collects) await settleHeap();
  if (collections !== undefined) await setImmediate(); // what was observed is told in a turn of its own
  return { cpu: user + system, rss: process.memoryUsage.rss(), collections: collections?.count ?? 0 };
}

function caseNamed(name: string): Case {
  return required(
    workload?.cases.find((each) => each.name === name),
    `case ${name}`,
  );
}

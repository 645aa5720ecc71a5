// One side of one subject in a process of its own. It does what its parent asks, one request at a time.
import v8 from 'node:v8';
import vm from 'node:vm';
import { required, type Dialer, type Endpoint, type Identity, type Listener } from './endpoint.ts';
import { subjectNamed } from './subjects.ts';
import { loadWorkload, type Case, type Workload } from './workload.ts';

export type Ask =
  | { readonly do: 'load'; readonly subject: string; readonly workload: string; readonly heapMebibytes: number }
  | { readonly do: 'listen'; readonly name: string; readonly identities: readonly Identity[] }
  | { readonly do: 'renew'; readonly name: string; readonly identities: readonly Identity[] }
  | { readonly do: 'aim'; readonly name: string; readonly ca: string; readonly port: number }
  | { readonly do: 'drive'; readonly name: string; readonly amount: number }
  | { readonly do: 'measure' };

/** What `measure` answers. */
export interface Measured {
  /** Microseconds of user and system together, of all threads. */
  readonly cpu: number;
}

export type Reply = { readonly value: unknown } | { readonly error: string };

/** The application's own objects, which the collector has to mark. */
export let applicationHeap: readonly object[] = [];

let endpoint: Endpoint | undefined;
let workload: Workload | undefined;
const listeners = new Map<string, Listener>();
const dialers = new Map<string, Dialer & { readonly port: number }>();

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
  load: ({ subject, workload: id, heapMebibytes }) => load(subject, id, heapMebibytes),
  listen: ({ name, identities }) => listen(name, identities),
  renew: ({ name, identities }) => required(listeners.get(name), 'listener').renew(identities),
  aim: ({ name, ca, port }) => aim(name, ca, port),
  drive: ({ name, amount }) => drive(name, amount),
  measure,
};

async function load(subject: string, id: string, heapMebibytes: number): Promise<void> {
  workload = await loadWorkload(id);
  endpoint = await subjectNamed(subject).load();
  applicationHeap = objectsOf(heapMebibytes);
}

async function listen(name: string, identities: readonly Identity[]): Promise<number> {
  const { scene, parameters } = caseNamed(name);
  const make = required(endpoint?.listen, 'server');
  const listener = await make({
    scene,
    identities,
    onSocket: (socket) => workload?.serve(socket, parameters),
  });
  listeners.set(name, listener);
  return listener.port;
}

async function aim(name: string, ca: string, port: number): Promise<void> {
  const make = required(endpoint?.dialer, 'client');
  const dialer = await make({ scene: caseNamed(name).scene, ca });
  dialers.set(name, { ...dialer, port });
}

function measure(): Measured {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system };
}

/** Gives the seconds that the work took. */
async function drive(name: string, amount: number): Promise<number> {
  const client = required(dialers.get(name), 'client');
  const startedAt = performance.now();
  await workload?.drive(client, caseNamed(name).parameters, amount);
  return (performance.now() - startedAt) / 1000;
}

function caseNamed(name: string): Case {
  return required(
    workload?.cases.find((each) => each.name === name),
    `case ${name}`,
  );
}

/** Gives so many MiB of small objects that stay. */
function objectsOf(mebibytes: number): readonly object[] {
  const before = collected();
  const objects: object[] = [];
  while (process.memoryUsage().heapUsed - before < mebibytes * 1024 * 1024) {
    for (let count = 0; count < 1000; count += 1) objects.push({ key: String(objects.length), value: { count } });
  }
  if (objects.length > 0) collected();
  return objects;
}

/** Gives the bytes of heap in use after a collection. No flag is given to V8 when it starts, so that it runs as in any program. */
function collected(): number {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  v8.setFlagsFromString('--no-expose-gc');
  collect();
  return process.memoryUsage().heapUsed;
}

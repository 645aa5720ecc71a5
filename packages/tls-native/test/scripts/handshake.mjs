// A handshake in memory over the built package; run by the tests in other processes, threads and Node versions.
// Prints one line of JSON. argv: PEM of the root, chain and key as JSON on the environment variable PEMS; mode as argv[2].
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createBackend, nativeLibrary } from '../../dist/index.js';
import { MemorySink } from './memory-sink.mjs';
import { growthOfEach } from './settled-size.mjs';

/** Bytes for each by which memory may grow in a round and no engine is kept: one in its handshake holds some 100 KiB. */
const unrest = 10_000;

const pems = JSON.parse(process.env.PEMS ?? 'null') ?? workerData.pems;
const mode = process.argv[2] ?? workerData?.mode;

function makePair(hooks = {}) {
  const backend = createBackend();
  const [clientSink, serverSink] = [new MemorySink(), new MemorySink()];
  const client = backend
    .createClientContext({ trust: pems.root, ...hooks.client })
    .createEngine({ serverName: 'localhost' }, clientSink);
  const identity = { certificateChain: pems.chain, privateKey: pems.key };
  const server = backend.createServerContext({ identity, ...hooks.server }).createEngine(serverSink);
  server.start();
  client.start();
  return { client, server, clientSink, serverSink };
}

function complete({ client, server, clientSink, serverSink }) {
  for (;;) {
    const toServer = clientSink.outgoing.splice(0);
    const toClient = serverSink.outgoing.splice(0);
    if (toServer.length + toClient.length === 0) break;
    for (const bytes of toServer) server.receive(bytes);
    for (const bytes of toClient) client.receive(bytes);
  }
  if (clientSink.failure !== undefined) throw clientSink.failure;
  return clientSink.info;
}

function half() {
  const pair = makePair();
  pair.server.receive(pair.clientSink.outgoing[0]);
  return pair;
}

const never = () => new Promise(() => {});

/** Both sides rest in a question whose answer never comes. */
function asked() {
  const resting = makePair({ server: { selectIdentity: never } });
  resting.server.receive(resting.clientSink.outgoing[0]);
  const judging = makePair({ client: { verifyPeer: never } });
  judging.server.receive(judging.clientSink.outgoing[0]);
  for (const bytes of judging.serverSink.outgoing) judging.client.receive(bytes);
  for (const { clientSink, serverSink } of [resting, judging]) {
    const failure = clientSink.failure ?? serverSink.failure;
    if (failure !== undefined) throw failure;
  }
  return [resting, judging];
}

const modes = {
  complete() {
    const { protocol, cipherSuite, implementation } = complete(makePair());
    const { version, path } = nativeLibrary();
    return { protocol, cipherSuite, implementation, version, path, node: process.versions.openssl };
  },
  /** The process ends while a handshake is under way and its engines are alive. */
  exit() {
    globalThis.kept = [half(), asked()];
    console.log(JSON.stringify({ left: 'in the middle' }));
    process.exit(0);
  },
  /** Engines that nobody destroys are collected. */
  async collect() {
    return { growthPerEngine: await growthOf(half, 800) };
  },
  async collectAsked() {
    return { growthPerEngine: await growthOf(asked, 600, 1200) };
  },
};

/** @param warmUp as many before what counts: the heap and the library's stacks reach their size */
async function growthOf(make, count, warmUp = count / 4) {
  await abandon(make, warmUp);
  return growthOfEach(count, unrest, (each) => abandon(make, each));
}

/** What was collected is freed behind the turn of the loop. */
async function abandon(make, count) {
  for (let index = 0; index < count; index += 1) {
    make();
    if (index % 50 !== 49) continue;
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

if (mode === 'workers') {
  const workers = Array.from(
    { length: 4 },
    () => new Worker(new URL(import.meta.url), { workerData: { pems, mode: 'in-worker' } }),
  );
  const answers = await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  const codes = await Promise.all(workers.map((worker) => worker.terminate()));
  console.log(JSON.stringify({ answers, codes, after: modes.complete().protocol }));
} else if (!isMainThread) {
  parentPort.postMessage(modes.complete().protocol);
  globalThis.kept = [half(), asked()]; // terminated in the middle of handshakes
  setInterval(() => [half(), asked()], 1);
} else {
  console.log(JSON.stringify(await modes[mode]()));
}

// Handshakes off the event loop over the built package; run by the tests in other processes and versions of Node. Prints one line of JSON.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createBackend } from '../../dist/index.js';

const pems = JSON.parse(process.env.PEMS ?? 'null') ?? workerData.pems;
const mode = process.argv[2] ?? workerData?.mode;

class Sink {
  constructor(peer) {
    this.peer = peer;
    this.settled = new Promise((resolve) => {
      this.settle = resolve;
    });
  }
  ciphertext(batch) {
    this.peer().receive(batch);
  }
  handshake(info) {
    this.settle(info.protocol);
  }
  failed(error) {
    this.settle(error.code);
  }
  plaintext() {}
  session() {}
  keyLog() {}
  closed() {}
}

function begin() {
  const backend = createBackend({ offload: true });
  const identity = { certificateChain: pems.chain, privateKey: pems.key };
  let client;
  const serverSink = new Sink(() => client);
  const server = backend.createServerContext({ identity }).createEngine(serverSink);
  const clientSink = new Sink(() => server);
  client = backend.createClientContext({ trust: pems.root }).createEngine({ serverName: 'localhost' }, clientSink);
  server.start();
  client.start();
  return { client, server, settled: Promise.all([clientSink.settled, serverSink.settled]) };
}

/** Something has to keep the event loop alive, as sockets do. */
async function complete() {
  const alive = setInterval(() => undefined, 1000);
  const protocols = await begin().settled;
  clearInterval(alive);
  return protocols;
}

const modes = {
  complete,
  /** A turn of the event loop goes by before the first flight is there. */
  async turns() {
    const { settled } = begin();
    const first = await Promise.race([settled.then(() => 'handshake'), Promise.resolve('loop')]);
    const alive = setInterval(() => undefined, 1000);
    const protocols = await settled;
    clearInterval(alive);
    return { first, protocols };
  },
  /** Engines are destroyed while their threads are at work on them. */
  async destroyed() {
    for (let index = 0; index < 300; index += 1) {
      const { client, server } = begin();
      if (index % 3 !== 0) await new Promise((resolve) => setImmediate(resolve));
      client.destroy();
      server.destroy();
    }
    return complete();
  },
  exit() {
    globalThis.kept = Array.from({ length: 20 }, begin);
    console.log(JSON.stringify('left in the middle'));
    process.exit(0);
  },
};

if (mode === 'workers') {
  const workers = Array.from(
    { length: 4 },
    () => new Worker(new URL(import.meta.url), { workerData: { pems, mode: 'in-worker' } }),
  );
  const answers = await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  const codes = await Promise.all(workers.map((worker) => worker.terminate()));
  console.log(JSON.stringify({ answers, codes, after: await complete() }));
} else if (!isMainThread) {
  parentPort.postMessage(await complete());
  setInterval(begin, 1); // terminated in the middle of handshakes
} else {
  console.log(JSON.stringify(await modes[mode]()));
}

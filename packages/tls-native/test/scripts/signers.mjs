// Connections that rest in a signature, and are left there; run by the tests in other processes, threads and Node versions.
// Prints one line of JSON. argv: mode as argv[2]; PEM of the root, chain and key as JSON in the environment variable PEMS.
import { createPrivateKey, sign } from 'node:crypto';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createBackend } from '../../dist/index.js';
import { MemorySink } from './memory-sink.mjs';
import { growthOfEach } from './settled-size.mjs';

const pems = JSON.parse(process.env.PEMS);
const key = createPrivateKey(pems.key);
const backend = createBackend();

function contexts(answer) {
  const signer = { signatureSchemes: ['ecdsa_secp256r1_sha256'], sign: (_scheme, input) => answer(input) };
  const identity = { certificateChain: pems.chain, signer };
  const kinds = [
    { maxVersion: 'TLSv1.2' },
    { maxVersion: 'TLSv1.3' },
    // it reads early data first
    { maxVersion: 'TLSv1.3', maxEarlyData: 1024 },
  ];
  return kinds.map(({ maxVersion, maxEarlyData = 0 }) => ({
    client: backend.createClientContext({ trust: pems.root, maxVersion, identity }),
    server: backend.createServerContext({
      identity,
      maxEarlyData,
      clientAuthentication: 'require',
      dangerous: { acceptAnyClientCertificate: true },
    }),
  }));
}

function connect({ client: clientContext, server: serverContext }) {
  const [clientSink, serverSink] = [new MemorySink(), new MemorySink()];
  const client = clientContext.createEngine({ serverName: 'localhost' }, clientSink);
  const server = serverContext.createEngine(serverSink);
  server.start();
  client.start();
  for (;;) {
    const toServer = clientSink.outgoing.splice(0);
    const toClient = serverSink.outgoing.splice(0);
    if (toServer.length + toClient.length === 0) break;
    for (const bytes of toServer) server.receive(bytes);
    for (const bytes of toClient) client.receive(bytes);
  }
  const failure = clientSink.failure ?? serverSink.failure;
  if (failure !== undefined) throw failure;
  return { client, server, clientSink, serverSink };
}

const never = () => new Promise(() => {});
const atOnce = (input) => new Uint8Array(sign('sha256', input, key));

/** The server's signature is made, the client's never. */
function clientRests() {
  let calls = 0;
  return contexts((input) => (calls++ % 2 === 0 ? atOnce(input) : never()));
}

/** The test allows as many bytes. */
const unrest = 5000;

async function measured(count, act) {
  const run = async (times) => {
    for (let index = 0; index < times; index += 1) {
      act(index);
      if (index % 50 !== 49) continue;
      globalThis.gc();
      // what was collected is freed behind the turn of the loop
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await run(500);
  return { growthPerConnection: await growthOfEach(count, unrest, run) };
}

function end(pair) {
  pair.client.destroy();
  pair.server.destroy();
}

const modes = {
  /** Destroyed while the server, or the client, rests in a signature. */
  destroy() {
    const both = [...contexts(never), ...clientRests()];
    return measured(2000, (index) => end(connect(both[index % both.length])));
  },
  /** Nobody destroys them. */
  collect() {
    const both = [...contexts(never), ...clientRests()];
    return measured(2000, (index) => connect(both[index % both.length]));
  },
  complete() {
    const both = contexts(atOnce);
    return measured(1000, (index) => {
      const pair = connect(both[index % both.length]);
      if (pair.serverSink.info?.clientAuthentication !== 'provided') throw new Error('there was no handshake');
      end(pair);
    });
  },
  async workers() {
    const workers = Array.from({ length: 4 }, () => new Worker(new URL(import.meta.url)));
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { workers: workers.length };
  },
  exit() {
    globalThis.kept = [...contexts(never), ...clientRests()].map((each) => connect(each));
    console.log(JSON.stringify({ left: globalThis.kept.length }));
    process.exit(0);
  },
};

if (isMainThread) {
  console.log(JSON.stringify(await modes[process.argv[2]]()));
} else {
  const both = [...contexts(never), ...clientRests()];
  globalThis.kept = both.map((each) => connect(each));
  parentPort.postMessage('resting');
  for (let index = 0; ; index += 1) connect(both[index % both.length]);
}

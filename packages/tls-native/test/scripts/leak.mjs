// Many connections one after the other over the built package: handshake, data both ways, close; most of them destroyed by their owner,
// the others left to the collector. Prints one line of JSON: by how much the process has grown for each. Needs --expose-gc.
// argv: how many connections in a round; environment: PEMS as handshake.mjs takes them.
import { createBackend } from '../../dist/index.js';
import { growthOfEach } from './settled-size.mjs';

/** Bytes for each connection by which memory may grow in a round and nothing is lost. */
const unrest = 1000;

const pems = JSON.parse(process.env.PEMS);
const count = Number(process.argv[2]);
const warmUp = Math.min(count, 2000);
const backend = createBackend();
const identity = { certificateChain: pems.chain, privateKey: pems.key };
const data = new Uint8Array(4096);

/** New ones now and then: contexts are dropped too. */
function contexts(version) {
  const bounds = { minVersion: version, maxVersion: version };
  return {
    client: backend.createClientContext({ trust: pems.root, ...bounds }),
    server: backend.createServerContext({ identity, ...bounds }),
  };
}

function sink(told) {
  const nothing = () => {};
  return {
    ciphertext: (batch) => told.outgoing.push(batch),
    plaintext: (batch) => (told.received += batch.length),
    closed: () => (told.isClosed = true),
    failed: (error) => {
      throw error;
    },
    handshake: nothing,
    session: nothing,
    keyLog: nothing,
  };
}

function connect({ client: clientContext, server: serverContext }, isDestroyed) {
  const told = [0, 1].map(() => ({ outgoing: [], received: 0, isClosed: false }));
  const [ofClient, ofServer] = told;
  const client = clientContext.createEngine({ serverName: 'localhost' }, sink(ofClient));
  const server = serverContext.createEngine(sink(ofServer));
  const carry = () => {
    while (ofClient.outgoing.length + ofServer.outgoing.length > 0) {
      for (const batch of ofClient.outgoing.splice(0)) server.receive(batch);
      for (const batch of ofServer.outgoing.splice(0)) client.receive(batch);
    }
  };
  server.start();
  client.start();
  carry();
  client.send(data);
  server.send(data);
  carry();
  client.close();
  server.close();
  carry();
  if (!told.every(({ received, isClosed }) => received === data.length && isClosed))
    throw new Error('not all has come');
  if (!isDestroyed) return;
  client.destroy();
  server.destroy();
}

let made = 0;
let pair;
async function connectTimes(times) {
  for (let index = 0; index < times; index += 1, made += 1) {
    if (made % 100 === 0) pair = contexts(made % 200 === 0 ? 'TLSv1.3' : 'TLSv1.2');
    connect(pair, made % 4 !== 0);
    if (made % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
  }
}

const began = process.hrtime.bigint();
await connectTimes(warmUp);
const growthPerConnection = await growthOfEach(count, unrest, connectTimes);
const seconds = Number((process.hrtime.bigint() - began) / 1_000_000n) / 1000;
console.log(JSON.stringify({ made, seconds, growthPerConnection }));

// Many connections one after the other over the built package: handshake, data both ways, close; most of them destroyed by their owner,
// the others left to the collector. Prints one line of JSON: by how much the process has grown. Needs --expose-gc.
// argv: how many connections; environment: PEMS as handshake.mjs takes them.
import { createBackend } from '../../dist/index.js';
import { settledSize } from './settled-size.mjs';

const pems = JSON.parse(process.env.PEMS);
const count = Number(process.argv[2]);
const warmUp = count / 5;
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

const began = process.hrtime.bigint();
let before = 0;
let pair;
for (let index = 0; index < count; index += 1) {
  if (index === warmUp) before = await settledSize();
  if (index % 100 === 0) pair = contexts(index % 200 === 0 ? 'TLSv1.3' : 'TLSv1.2');
  connect(pair, index % 4 !== 0);
  if (index % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
}
const growth = (await settledSize()) - before;
const seconds = Number((process.hrtime.bigint() - began) / 1_000_000n) / 1000;
console.log(JSON.stringify({ count, seconds, growth, growthPerConnection: growth / (count - warmUp) }));

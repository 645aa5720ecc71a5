// Many renewals of one watched identity over the built packages, each with a handshake that sees the new certificate. Prints one line of JSON: how
// many of the identities still live, and by how much the process has grown behind a fifth of them. Needs --expose-gc.
// argv: the backend's package, how many renewals, the folder; environment: PEMS with `root` and a list `pairs` of `chain` and `key`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf } from '@org/tls-core/backend';
import { watchIdentity } from '../../dist/node/index.js';

const [, , name, amount, folder] = process.argv;
const { createBackend } = await import(name);
const { root, pairs } = JSON.parse(process.env.PEMS);
const count = Number(amount);
const warmUp = count / 5;
const backend = createBackend();

function write({ chain, key }) {
  writeFileSync(join(folder, 'tls.crt'), chain);
  writeFileSync(join(folder, 'tls.key'), key);
}

write(pairs[0]);
const identity = await watchIdentity({ folder }, { interval: 0 });
const server = backend.createServerContext({ selectIdentity: identity.selectIdentity });
const client = backend.createClientContext({ trust: root });

/** Shakes hands in memory; a hook or a provider may answer later. */
async function shakeHands() {
  const ends = [];
  const done = [0, 1].map(() => {
    let resolve;
    let reject;
    const promise = new Promise((yes, no) => {
      resolve = yes;
      reject = no;
    });
    return { promise, resolve, reject };
  });
  const nothing = () => {};
  const sink = (index) => ({
    ciphertext: (batch) => {
      const bytes = batch.slice();
      queueMicrotask(() => ends[1 - index].receive(bytes));
    },
    plaintext: nothing,
    closed: nothing,
    failed: done[index].reject,
    handshake: done[index].resolve,
    session: nothing,
    keyLog: nothing,
  });
  ends.push(client.createEngine({ serverName: 'localhost' }, sink(0)), server.createEngine(sink(1)));
  ends[1].start();
  ends[0].start();
  await Promise.all(done.map(({ promise }) => promise));
  for (const end of ends) end.destroy();
}

/** What lives in V8's heap, and all memory outside of it: pages that V8 keeps for later hold nothing. */
async function settledSize() {
  for (let turn = 0; turn < 5; turn += 1) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}

/** What a backend keeps of an identity, its loaded key too, hangs on the copy that was read of it. */
const copies = [];
let before = 0;
for (let index = 1; index <= count; index += 1) {
  if (index === warmUp) before = await settledSize();
  write(pairs[index % pairs.length]);
  if (!(await identity.check())) throw new Error('the renewal was not seen');
  await shakeHands();
  for (const copy of answerOf('selectIdentity', identity.current)) copies.push(new WeakRef(copy));
}
const growth = (await settledSize()) - before;
const alive = copies.filter((copy) => copy.deref() !== undefined).length;
console.log(JSON.stringify({ count, alive, growth, growthPerRenewal: growth / (count - warmUp) }));

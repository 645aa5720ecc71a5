// Makes and drops many objects of nativeCrypto that OpenSSL holds. Prints by how many bytes the process has grown. Needs --expose-gc.
import { setImmediate as turn } from 'node:timers/promises';
import { nativeCrypto } from '../../dist/crypto/index.js';
import { settledSize } from './settled-size.mjs';

const batches = 8;
const perBatch = 2000;
const key = new Uint8Array(16);

async function batch() {
  for (let index = 0; index < perBatch; index += 1) {
    nativeCrypto.createAead('aes-128-gcm', key);
    nativeCrypto.createHash('sha256').snapshot();
    nativeCrypto.generateKeyShare('x25519');
  }
  globalThis.gc();
  await turn(); // finalizers run on a turn of their own
  await turn();
}

for (let index = 0; index < 3; index += 1) await batch(); // oxlint-disable-line no-await-in-loop
const before = await settledSize();
for (let index = 0; index < batches; index += 1) await batch(); // oxlint-disable-line no-await-in-loop
console.log((await settledSize()) - before);

// Terminates workers in the middle of calls of nativeCrypto, while this thread uses it too. An abort would be this process's end.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { nativeCrypto } from '../../dist/crypto/index.js';

const rounds = 3;
const workersPerRound = 4;
const nonce = new Uint8Array(12);
const bytes = new Uint8Array(2000);
const out = new Uint8Array(2016);

function useAll() {
  const aead = nativeCrypto.createAead('aes-128-gcm', bytes.subarray(0, 16));
  aead.seal(nonce, nonce, bytes, out);
  if (!aead.open(nonce, nonce, out, bytes)) throw new Error('it did not open');
  const hash = nativeCrypto.createHash('sha256');
  hash.update(bytes);
  hash.snapshot();
  const [ours, theirs] = [nativeCrypto.generateKeyShare('secp256r1'), nativeCrypto.generateKeyShare('secp256r1')];
  const secrets = [ours.deriveSharedSecret(theirs.publicKey), theirs.deriveSharedSecret(ours.publicKey)];
  if (Buffer.compare(...secrets) !== 0) throw new Error('they do not agree');
}

if (isMainThread) {
  for (let round = 0; round < rounds; round += 1) {
    const workers = Array.from({ length: workersPerRound }, () => new Worker(new URL(import.meta.url)));
    const started = workers.map(
      (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)),
    );
    // oxlint-disable-next-line no-await-in-loop -- rounds follow each other
    await Promise.all(started);
    for (let turn = 0; turn < 50; turn += 1) useAll();
    // oxlint-disable-next-line no-await-in-loop -- rounds follow each other
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
} else {
  useAll();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
  parentPort.postMessage('busy');
  for (;;) useAll();
}

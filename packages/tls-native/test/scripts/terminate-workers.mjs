// Terminates workers in the middle of calls into the addon. An abort would be this process's end.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createBackend } from '../../dist/index.js';

const rounds = 5;
const workersPerRound = 4;
const certificate = process.env.ROOT;

if (isMainThread) {
  for (let round = 0; round < rounds; round += 1) {
    const workers = Array.from({ length: workersPerRound }, () => new Worker(new URL(import.meta.url)));
    await Promise.all(
      workers.map((worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))),
    );
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
} else {
  const context = createBackend().createClientContext({ trust: certificate });
  const sink = { ciphertext() {} };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
  parentPort.postMessage('busy');
  for (;;) context.createEngine({ serverName: 'localhost' }, sink).start();
}

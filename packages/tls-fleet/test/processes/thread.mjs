// A thread with a server of its own, whose main thread hears of its port.
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { createServer } from '@org/tls-core/node';
import { joinWorkers } from '@org/tls-fleet/workers';

const { backendName, identity } = workerData;
const { createBackend } = await import(`@org/tls-${backendName}`);
const worker = await joinWorkers();
const tls = createBackend().createServerContext({ identity, ...worker.tls });
const server = await createServer({ tls }, (socket) => socket.end('served'));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
parentPort.postMessage({ port: server.address().port });

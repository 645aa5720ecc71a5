// A program that serves one port by two workers of node:cluster. Its parent hears of the port and of each worker that begins or ends.
import cluster from 'node:cluster';
import { once } from 'node:events';
import process from 'node:process';
import { createServer } from '@org/tls-core/node';
import { joinWorkers, leadWorkers } from '@org/tls-fleet/workers';

const [backendName = '', identity = ''] = process.argv.slice(2);
await (cluster.isPrimary ? lead() : work());

async function lead() {
  const leader = await leadWorkers();
  const fork = () => leader.serve(cluster.fork());
  cluster.on('message', (worker, message) => {
    if (message.listening !== undefined) process.send({ port: message.listening, pid: worker.process.pid });
  });
  cluster.on('exit', () => {
    process.send({ exited: true });
    fork();
  });
  process.on('disconnect', () => process.exit());
  fork();
  fork();
}

async function work() {
  const { createBackend } = await import(`@org/tls-${backendName}`);
  const worker = await joinWorkers();
  const config = { ...JSON.parse(identity), maxEarlyData: 1000, ...worker.tls };
  const tls = createBackend().createServerContext(config);
  const server = await createServer({ tls }, (socket) => socket.end(String(process.pid)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send({ listening: server.address().port });
}

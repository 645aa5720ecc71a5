// Measures how long a storm of handshakes with an RSA-4096 identity holds up an event loop: with node:tls, and with tls-native on the loop
// and off it. The clients use node:tls, in a process of their own.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import process from 'node:process';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createRoot } from '@org/pki';
import { createServer } from '@org/tls-core/node';
import { createBackend } from '@org/tls-native';
import { numberTable } from './report/markdown.ts';
import type { Table } from './result.ts';
import { median } from './statistics.ts';

const handshakes = 200;
const concurrency = 16;
const rounds = 3;
const self = fileURLToPath(import.meta.url);

interface Storm {
  readonly port: number;
  readonly ca: string;
}

interface Sample {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly rate: number;
}

if (process.argv[2] === 'clients') process.once('message', (storm: Storm) => void run(storm));
else await main();

/** Runs in the clients' process. */
async function run({ port, ca }: Storm): Promise<void> {
  let left = handshakes;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ca, minVersion: 'TLSv1.3' });
      await once(socket, 'secureConnect');
      socket.resume().end();
      await once(socket, 'close');
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  process.send?.('done');
  process.disconnect?.();
}

async function main(): Promise<void> {
  const root = await createRoot();
  const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'], algorithm: 'rsa-4096' });
  const identity = { certificateChain: chainPem, privateKey: privateKeyPem };
  const servers: Readonly<Record<string, () => Promise<Server>>> = {
    'node:tls': async () => tls.createServer({ cert: chainPem, key: privateKeyPem, minVersion: 'TLSv1.3' }, answer),
    native: () => createServer({ tls: { backend: createBackend(), identity } }, answer),
    'native, `offload: true`': () =>
      createServer({ tls: { backend: createBackend({ offload: true }), identity } }, answer),
  };
  const samples = new Map<string, Sample[]>(Object.keys(servers).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, open] of Object.entries(servers))
      samples.get(name)?.push(await measure(await open(), root.certificatePem));
  }
  tell({
    id: 'offload',
    header: ['server', 'p50 ms', 'p99 ms', 'longest ms', 'handshakes per second'],
    rows: [...samples].map(([server, taken]) => [
      server,
      median(taken.map(({ p50 }) => p50)),
      median(taken.map(({ p99 }) => p99)),
      median(taken.map(({ max }) => max)),
      median(taken.map(({ rate }) => rate)),
    ]),
  });
}

/** Gives the table to the process that asks for it, or prints it. */
function tell(table: Table): void {
  if (process.send === undefined) process.stdout.write(`${numberTable(table)}\n`);
  else process.send(table, undefined, undefined, () => process.disconnect());
}

function answer(socket: Duplex): void {
  socket.on('error', () => undefined);
  socket.resume();
  socket.end();
}

async function measure(server: Server, ca: string): Promise<Sample> {
  server.listen({ host: '127.0.0.1', port: 0, backlog: 512 });
  await once(server, 'listening');
  const clients: ChildProcess = fork(self, ['clients']);
  await once(clients, 'spawn');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  clients.send({ port: (server.address() as AddressInfo).port, ca } satisfies Storm);
  delay.enable();
  const startedAt = performance.now();
  await once(clients, 'message');
  const seconds = (performance.now() - startedAt) / 1000;
  delay.disable();
  server.close();
  const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6;
  return {
    p50: milliseconds(delay.percentile(50)),
    p99: milliseconds(delay.percentile(99)),
    max: milliseconds(delay.max),
    rate: handshakes / seconds,
  };
}

// One server of a fleet, in a process of its own. Its parent says by a message how it is made, and asks what it has seen.
import { createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import { createServer } from '@org/tls-core/node';
import { redisFleet } from '@org/tls-fleet/redis';

const [config] = await once(process, 'message');
const seen = { handshakes: 0, failures: [], warnings: [], early: {} };

const { createBackend } = await import(`@org/tls-${config.backend}`);
const fleet = await redisFleet({
  redis: await client(config.client, config.redisPort),
  secret: Buffer.from(config.secret, 'hex'),
  rotationInterval: config.rotationInterval,
  sessionLifetimeSeconds: config.sessionLifetimeSeconds,
  pollInterval: config.pollInterval,
  deadline: config.deadline,
  onWarning: ({ message }) => seen.warnings.push(message),
});
const backend = createBackend();
const context = backend.createServerContext({
  identity: config.identity,
  maxEarlyData: 1000,
  sessionLifetimeSeconds: config.sessionLifetimeSeconds,
  ...fleet.tls,
});

const server = await createServer({ tls: context, handshakeTimeout: 60_000 }, (socket) => {
  seen.handshakes += 1;
  socket.end('served');
});
server.on('tlsClientError', (error) => seen.failures.push(error.code));
server.on('tlsWarning', ({ message }) => seen.warnings.push(message));

/** Takes early data as a program does that answers before the handshake is done, and counts what it takes. */
const earlyServer = createTcpServer((socket) => {
  const engine = context.createEngine({
    ciphertext: (batch) => void socket.write(Buffer.from(batch)),
    earlyData: (batch) => {
      const name = Buffer.from(batch).toString();
      seen.early[name] = (seen.early[name] ?? 0) + 1;
    },
    plaintext: () => undefined,
    handshake: () => undefined,
    session: () => undefined,
    keyLog: () => undefined,
    failed: () => socket.destroy(),
    closed: () => socket.destroy(),
  });
  engine.start();
  socket.on('data', (bytes) => engine.receive(bytes));
  socket.on('error', () => undefined);
  socket.on('close', () => engine.destroy());
});

process.on('message', ({ id, ask }) => void answer(ask).then((reply) => process.send({ id, reply })));
for (const each of [server, earlyServer]) {
  each.listen(0, '127.0.0.1');
  await once(each, 'listening');
}
process.send({ port: server.address().port, earlyPort: earlyServer.address().port });

async function answer(ask) {
  if (ask === 'rotate') return fleet.rotateTicketKeys().then(() => true);
  if (ask === 'check') return fleet.check().then(() => fleet.status);
  if (ask === 'sealing') return Buffer.from(fleet.tls.ticketKeys.current()[0]?.name ?? '').toString('hex');
  if (ask === 'status') return fleet.status;
  return seen;
}

async function client(name, port) {
  const url = `redis://127.0.0.1:${port}`;
  if (name === 'node-redis') {
    const { createClient } = await import('@redis/client');
    const made = createClient({ url });
    made.on('error', () => undefined);
    return made.connect();
  }
  const { Redis } = await import(name);
  const made = new Redis(url);
  made.on('error', () => undefined);
  return made;
}

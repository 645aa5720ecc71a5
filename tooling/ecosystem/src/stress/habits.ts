import { once } from 'node:events';
import { request, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Random } from '@org/fuzz/random';
import { endless } from './pages.ts';

/** What a client has to make a connection. */
export interface Client {
  readonly port: number;
  readonly random: Random;
  readonly agent: Agent;
  readonly secure: (transport: Socket) => Socket;
}

/** Does one request, or what is left of one, and is done when nothing of the client's is open any more. */
export type Habit = (client: Client) => Promise<void>;

const whole: Habit = async (client) => {
  const asked = ask(client, dial(client), `/whole/${client.random.below(100_000)}`);
  asked.on('response', (response) => response.resume());
  await closed(asked);
};

const keptAlive: Habit = async ({ agent, random, port }) => {
  const asked = request({ agent, port, path: `/whole/${random.below(100_000)}` });
  asked.on('response', (response) => response.resume()).end();
  await closed(asked);
};

const abortedBeforeTheAnswer: Habit = async (client) => {
  const socket = dial(client);
  const asked = ask(client, socket, `/whole/${client.random.below(100_000)}`);
  await turns(client.random.below(12));
  asked.destroy();
  await gone(socket);
};

const abortedInTheAnswer: Habit = async (client) => {
  const socket = dial(client);
  const asked = ask(client, socket, `/whole/${endless}`);
  const atByte = client.random.below(200_000);
  asked.on('response', (response) => whenRead(response, atByte, () => asked.destroy()));
  await gone(socket);
};

const reset: Habit = async (client) => {
  const socket = dial(client);
  const asked = ask(client, socket, `/whole/${endless}`);
  const atByte = client.random.below(200_000);
  asked.on('response', (response) => whenRead(response, atByte, () => socket.resetAndDestroy()));
  await gone(socket);
};

const resetBelow: Habit = async (client) => {
  const transport = connect(client.port, '127.0.0.1');
  const socket = quietly(client.secure(transport));
  ask(client, socket, `/whole/${endless}`).on('response', (response) => response.resume());
  await once(transport, 'connect');
  await turns(client.random.below(16));
  transport.resetAndDestroy();
  await gone(socket);
};

const halfClosed: Habit = async (client) => {
  const socket = dial(client);
  const path = `/whole/${client.random.below(100_000)}`;
  socket.end(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
  socket.resume();
  await gone(socket);
};

const halfClosedBelow: Habit = async (client) => {
  const transport = connect(client.port, '127.0.0.1');
  const socket = quietly(client.secure(transport));
  ask(client, socket, '/silent');
  await once(transport, 'connect');
  await turns(client.random.below(16));
  transport.end();
  await gone(socket);
};

/** The server's timeout of handshakes ends it. */
const stalledInTheHandshake: Habit = async ({ port, random }) => {
  const transport = quietly(connect(port, '127.0.0.1'));
  // the beginning of a record that holds a ClientHello (RFC 8446 §5.1)
  transport.write(Uint8Array.of(22, 3, 1, 1, 0, 1).subarray(0, random.below(7)));
  transport.resume();
  await gone(transport);
};

/** The server's timeout of idle connections ends it. */
const stalledInTheRequest: Habit = async (client) => {
  const socket = dial(client);
  socket.write('GET / HTTP/1.1\r\nhost: loc');
  socket.resume();
  await gone(socket);
};

/** Nothing of the answer is read until the server has given up. */
const stalledInTheAnswer: Habit = async (client) => {
  const socket = dial(client);
  const asked = ask(client, socket, `/whole/${endless}`);
  asked.on('response', (response) => response.pause());
  const giveUp = setTimeout(() => socket.destroy(), stall);
  await gone(socket);
  clearTimeout(giveUp);
};

const answered =
  (path: (random: Random) => string): Habit =>
  async (client) => {
    const socket = dial(client);
    ask(client, socket, path(client.random)).on('response', (response) => quietly(response).resume());
    await gone(socket);
  };

/** Longer than the server's patience, in milliseconds. */
const stall = 750;

export const habits: readonly Habit[] = [
  whole,
  whole,
  keptAlive,
  keptAlive,
  abortedBeforeTheAnswer,
  abortedInTheAnswer,
  reset,
  resetBelow,
  halfClosed,
  halfClosedBelow,
  stalledInTheHandshake,
  stalledInTheRequest,
  stalledInTheAnswer,
  answered((random) => `/cut/${random.below(50_000)}`),
  answered((random) => `/reset/${random.below(50_000)}`),
  answered(() => '/silent'),
];

function dial({ port, secure }: Client): Socket {
  return quietly(secure(connect(port, '127.0.0.1')));
}

/** Asks over a socket of its own. */
function ask(_client: Client, socket: Socket, path: string): ClientRequest {
  return quietly(request({ path, createConnection: () => socket, agent: false })).end();
}

/** What goes wrong is the point: each habit waits for the end, whatever it is. */
function quietly<Emitter extends NodeJS.EventEmitter>(emitter: Emitter): Emitter {
  return emitter.on('error', () => undefined);
}

function whenRead(response: IncomingMessage, bytes: number, act: () => void): void {
  let read = 0;
  quietly(response).on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > bytes) act();
  });
}

function closed(asked: ClientRequest): Promise<void> {
  return new Promise((resolve) => quietly(asked).once('close', resolve));
}

async function gone(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

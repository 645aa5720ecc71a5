import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.ts';

export const workloads = ['handshakes', 'bulk up', 'bulk down', 'echo', 'idle memory'] as const;
export type Workload = (typeof workloads)[number];

const mebibyte = 1024 * 1024;
const writeSize = 64 * 1024;
const concurrency = 8;

/** Does the server's part. The first five bytes say what the client wants, and how many MiB. */
export function serve(socket: Duplex): void {
  socket.on('error', () => undefined); // clients may leave in any way
  socket.once('data', (request: Buffer) => {
    const amount = request.readUInt32BE(1) * mebibyte;
    const kind = String.fromCharCode(request[0] ?? 0);
    if (kind === 'D') void write(socket, amount);
    if (kind === 'U') void read(socket, amount, request.length - 5).then(() => socket.write('.'));
    if (kind === 'E') {
      if (request.length > 5) socket.write(request.subarray(5)); // the first round trip may come together with the request
      socket.on('data', (chunk: Buffer) => socket.write(chunk));
    }
  });
}

/** Does the client's part. @returns how many units were done: connections, MiB or round trips */
export async function drive(endpoint: Endpoint, port: number, workload: Workload, amount: number): Promise<number> {
  if (workload === 'handshakes') return handshakes(endpoint, port, amount);
  const socket = await endpoint.dial(port);
  socket.on('error', () => undefined);
  if (workload === 'bulk down') {
    socket.write(request('D', amount));
    await read(socket, amount * mebibyte, 0);
  } else if (workload === 'bulk up') {
    socket.write(request('U', amount));
    await write(socket, amount * mebibyte);
    await once(socket, 'data');
  } else {
    socket.write(request('E', 0));
    for (let trip = 0; trip < amount; trip += 1) {
      socket.write(Buffer.alloc(100, 1));
      await read(socket, 100, 0);
    }
  }
  socket.destroy();
  return amount;
}

/** Opens connections and keeps them. */
export async function hold(endpoint: Endpoint, port: number, amount: number): Promise<readonly Duplex[]> {
  const held: Duplex[] = [];
  while (held.length < amount) {
    const batch = Array.from({ length: Math.min(50, amount - held.length) }, () => endpoint.dial(port));
    for (const socket of await Promise.all(batch)) held.push(socket.on('error', () => undefined));
  }
  return held;
}

async function handshakes(endpoint: Endpoint, port: number, amount: number): Promise<number> {
  let left = amount;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const socket = await endpoint.dial(port);
      // Both sides send close_notify, as well-behaved peers do.
      socket.resume().end();
      await once(socket, 'close');
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return amount;
}

function request(kind: string, amount: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write(kind);
  bytes.writeUInt32BE(amount, 1);
  return bytes;
}

async function write(socket: Duplex, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(writeSize, 7);
  for (let left = bytes; left > 0; left -= chunk.length) if (!socket.write(chunk)) await once(socket, 'drain');
}

function read(socket: Duplex, bytes: number, had: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = bytes - had;
    const onData = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left > 0) return;
      socket.removeListener('data', onData).removeListener('close', onClose);
      resolve();
    };
    const onClose = (): void => reject(new Error(`the peer left ${left} bytes early`));
    socket.on('data', onData).once('close', onClose);
  });
}

import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { DrivingClient } from './workload.ts';

export const kibibyte = 1024;
export const mebibyte = 1024 * kibibyte;

/** Says in which direction bytes go, and in writes of how many bytes. */
export interface Transfer {
  readonly direction: 'up' | 'down';
  readonly writeSize: number;
}

/** Does the server's part: the first four bytes say how many MiB there will be or shall be. */
export function serveTransfer(socket: Duplex, { direction, writeSize }: Transfer): void {
  socket.on('error', () => undefined); // clients may leave in any way
  socket.once('data', (request: Buffer) => {
    const bytes = request.readUInt32BE(0) * mebibyte;
    if (direction === 'down') void write(socket, bytes, writeSize);
    else void read(socket, bytes, request.length - requestLength).then(() => socket.write('.'));
  });
}

/** Sends, and waits until the server has it all. */
export async function sendUp(stream: Duplex, amount: number, writeSize: number): Promise<void> {
  const received = once(stream, 'data');
  stream.write(request(amount));
  await write(stream, amount * mebibyte, writeSize);
  await received;
}

/** Has the server send, and waits until all is there. */
export async function receiveDown(stream: Duplex, amount: number): Promise<void> {
  stream.write(request(amount));
  await read(stream, amount * mebibyte, 0);
}

/** As `receiveDown`, into one buffer of 64 KiB that is used again and again. */
export async function receiveInto(client: DrivingClient, amount: number): Promise<void> {
  let left = amount * mebibyte;
  let end: () => void = () => undefined;
  const whole = new Promise<void>((resolve) => {
    end = resolve;
  });
  const callback = (length: number): boolean => {
    left -= length;
    if (left <= 0) end();
    return true;
  };
  const { stream } = await client.dial(client.port, { onread: { buffer: Buffer.alloc(64 * kibibyte), callback } });
  const early = once(stream, 'close').then(() => {
    if (left > 0) throw new Error(`the peer left ${left} bytes early`);
  });
  stream.write(request(amount));
  await Promise.race([whole, early]);
  stream.destroy();
}

const requestLength = 4;

function request(mebibytes: number): Buffer {
  const bytes = Buffer.alloc(requestLength);
  bytes.writeUInt32BE(mebibytes);
  return bytes;
}

async function write(stream: Duplex, bytes: number, size: number): Promise<void> {
  const chunk = Buffer.alloc(size, 7);
  for (let left = bytes; left > 0; left -= size) {
    const isRoom = stream.write(left < size ? chunk.subarray(0, left) : chunk);
    if (!isRoom) await once(stream, 'drain');
  }
}

/** @param had how many of the bytes have come before */
function read(stream: Duplex, bytes: number, had: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = bytes - had;
    const onData = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left > 0) return;
      stream.removeListener('data', onData).removeListener('close', onClose);
      resolve();
    };
    const onClose = (): void => reject(new Error(`the peer left ${left} bytes early`));
    stream.on('data', onData).once('close', onClose);
  });
}

import type { Duplex } from 'node:stream';
import { usualScene } from '../endpoint.ts';
import type { Workload } from '../workload.ts';

interface Parameters {
  readonly bytes: number;
}

export const workload: Workload<Parameters> = {
  id: 'echo',
  about: 'round trips of a message, one at a time, over one connection',
  unit: 'round trip',
  measures: 'rate',
  warmUp: 2000,
  cases: [
    { name: '100 bytes', scene: usualScene, least: 100, withPeers: true, withHeap: true, parameters: { bytes: 100 } },
  ],
  serve(socket) {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => socket.write(chunk));
  },
  async drive(client, { bytes }, amount) {
    const { stream } = await client.dial(client.port);
    await trips(stream, bytes, amount);
    stream.destroy();
  },
};

/** Has no promise for each trip, because that would be measured as well. */
function trips(stream: Duplex, bytes: number, amount: number): Promise<void> {
  const message = Buffer.alloc(bytes, 1);
  return new Promise((resolve, reject) => {
    let left = amount;
    let missing = bytes;
    stream.on('error', reject);
    stream.on('data', (chunk: Buffer) => {
      missing -= chunk.length;
      if (missing > 0) return;
      missing += bytes;
      left -= 1;
      if (left === 0) resolve();
      else stream.write(message);
    });
    stream.write(message);
  });
}

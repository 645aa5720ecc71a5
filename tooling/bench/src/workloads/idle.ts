import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { usualScene } from '../endpoint.ts';
import type { Workload } from '../workload.ts';

/** The connections of this process, of either side. */
const held = new Set<Duplex>();

export const workload: Workload = {
  id: 'idle',
  about:
    'resident memory that an open connection takes on each side, after what both processes took before it is subtracted',
  unit: 'connection',
  measures: 'memory',
  warmUp: 0,
  cases: [{ name: '8,000 connections', scene: usualScene, least: 8000, parameters: {} }],
  serve(socket) {
    held.add(socket.on('error', () => undefined).resume());
    socket.on('close', () => held.delete(socket));
  },
  /** Opens connections and closes each at once: what V8 makes room for and compiles in the first of them is not memory of any. */
  async prepare(client) {
    for (let left = 500; left > 0; left -= 1) {
      const { stream } = await client.dial(client.port);
      const closed = once(
        stream.on('error', () => undefined),
        'close',
      );
      stream.destroy();
      await closed;
    }
  },
  async drive(client, _, amount) {
    for (let left = amount; left > 0; left -= 50) {
      const batch = Array.from({ length: Math.min(50, left) }, () => client.dial(client.port));
      for (const { stream } of await Promise.all(batch)) held.add(stream.on('error', () => undefined).resume());
    }
  },
};

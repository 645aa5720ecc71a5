import type { Duplex } from 'node:stream';
import { usualScene } from '../endpoint.ts';
import type { Workload } from '../workload.ts';

/** The connections of this process, of either side. */
const held: Duplex[] = [];

export const workload: Workload = {
  id: 'idle',
  about:
    'resident memory that an open connection takes on each side, after what both processes took before it is subtracted',
  unit: 'connection',
  measures: 'memory',
  warmUp: 0,
  cases: [{ name: '8,000 connections', scene: usualScene, least: 8000, parameters: {} }],
  serve(socket) {
    held.push(socket.on('error', () => undefined).resume());
  },
  async drive(client, _, amount) {
    for (let left = amount; left > 0; left -= 50) {
      const batch = Array.from({ length: Math.min(50, left) }, () => client.dial(client.port));
      for (const { stream } of await Promise.all(batch)) held.push(stream.on('error', () => undefined).resume());
    }
  },
};

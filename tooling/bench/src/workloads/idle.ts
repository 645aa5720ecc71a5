import type { Duplex } from 'node:stream';
import { usualScene } from '../endpoint.ts';
import type { DrivingClient, Workload } from '../workload.ts';

/** The connections of this process, of either side. */
const held = new Set<Duplex>();

export const workload: Workload = {
  id: 'idle',
  about: 'resident memory that an open connection takes on each side, beside 1,000 that were open before',
  unit: 'connection',
  measures: 'memory',
  warmUp: 0,
  cases: [{ name: '8,000 connections', scene: usualScene, least: 8000, parameters: {} }],
  serve(socket) {
    held.add(socket.on('error', () => undefined).resume());
    socket.on('close', () => held.delete(socket));
  },
  /** Opens the first of them. What V8 makes room for and compiles meanwhile is some 60 MiB a process, which is no connection's. */
  prepare: (client) => open(client, 1000),
  drive: (client, _, amount) => open(client, amount),
};

async function open(client: DrivingClient, amount: number): Promise<void> {
  for (let left = amount; left > 0; left -= 50) {
    const batch = Array.from({ length: Math.min(50, left) }, () => client.dial(client.port));
    for (const { stream } of await Promise.all(batch)) held.add(stream.on('error', () => undefined).resume());
  }
}

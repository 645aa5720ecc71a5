import { usualScene } from '../endpoint.ts';
import { kibibyte, receiveDown, receiveInto, sendUp, serveTransfer, type Transfer } from '../transfer.ts';
import type { Case, Workload } from '../workload.ts';

interface Parameters extends Transfer {
  /** True: the client gives a buffer of its own, which is used again and again. */
  readonly onread?: boolean;
}

export const workload: Workload<Parameters> = {
  id: 'bulk',
  about: 'application data over one connection, from the client (up) or from the server (down)',
  unit: 'MiB',
  measures: 'rate',
  warmUp: 2000,
  cases: [
    { ...bulk('up', '64 KiB', 64), withPeers: true, withHeap: true },
    { ...bulk('down', '64 KiB', 64), withPeers: true, withHeap: true },
    { ...bulk('down', '64 KiB', 64, true), name: 'down, writes of 64 KiB, onread', withHeap: true },
    bulk('up', '4 KiB', 4),
    bulk('down', '4 KiB', 4),
    bulk('up', '1 MiB', 1024),
    bulk('down', '1 MiB', 1024),
    ...(['up', 'down'] as const).map((direction) => ({
      ...bulk(direction, '64 KiB', 64),
      name: `${direction}, writes of 64 KiB, ChaCha20-Poly1305`,
      scene: { ...usualScene, cipher: 'chacha20-poly1305' as const },
    })),
  ],
  serve: serveTransfer,
  async drive(client, { direction, writeSize, onread = false }, amount) {
    if (onread) return receiveInto(client, amount);
    const { stream } = await client.dial(client.port);
    stream.on('error', () => undefined);
    await (direction === 'up' ? sendUp(stream, amount, writeSize) : receiveDown(stream, amount));
    stream.destroy();
  },
};

function bulk(direction: 'up' | 'down', size: string, kibibytes: number, onread = false): Case<Parameters> {
  return {
    name: `${direction}, writes of ${size}`,
    scene: usualScene,
    least: 1,
    parameters: { direction, writeSize: kibibytes * kibibyte, onread },
  };
}

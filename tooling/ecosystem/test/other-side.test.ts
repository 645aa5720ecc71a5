import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { createRoot } from '@org/pki';
import { describe, expect, it } from 'vitest';
import { OtherSide } from '../src/client-stress/other-side.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const settings = {
  program: path.join(import.meta.dirname, '..', 'dist', 'client-stress', 'origin.js'),
  cert: leaf.chainPem,
  key: leaf.privateKeyPem,
  seed: '1',
};

describe('the origin of the stress of the HTTP client', () => {
  it('that ends otherwise than by a crash is a failure', async () => {
    const other = new OtherSide(settings);
    await other.listening();
    await end(other, 'SIGKILL');
    await expect(other.listening()).rejects.toThrow('SIGKILL');
    expect(other.lost).toEqual([]);
  });

  it('that is lost more often than is allowed is a failure', async () => {
    const other = new OtherSide(settings, 1);
    await other.listening();
    await end(other, 'SIGABRT');
    await other.listening();
    await end(other, 'SIGABRT');
    await expect(other.listening()).rejects.toThrow('2 times');
  });

  it.each(['SIGABRT', 'SIGSEGV'] as const)(
    'that crashes by %s is counted, and listens again where it did',
    async (signal) => {
      const other = new OtherSide(settings);
      await other.listening();
      const { ports } = other;
      await end(other, signal);
      await other.listening();
      expect(other.lost).toEqual([expect.stringContaining(signal)]);
      expect(other.ports).toEqual(ports);
      await accepts(ports.origin);
      await accepts(ports.proxy);
      await other.stop();
      await other.stop();
      expect(other.lost).toHaveLength(1);
    },
  );
});

async function end(other: OtherSide, signal: NodeJS.Signals): Promise<void> {
  const ended = other.ended;
  process.kill(other.pid ?? 0, signal);
  await ended;
}

async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

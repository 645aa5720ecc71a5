import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TlsClientContext, TlsSession } from '@org/tls-core';
import { connect } from '@org/tls-core/node';
import { describe, expect, it } from 'vitest';
import { leadWorkers } from '../src/workers/index.ts';
import { backends, identity, trust } from './support/exchange.ts';

const program = (name: string): string => fileURLToPath(new URL(`processes/${name}`, import.meta.url));

interface Visit {
  readonly resumed: boolean | undefined;
  readonly session: TlsSession | undefined;
  readonly served: string;
}

async function visit(client: TlsClientContext, port: number, session?: TlsSession): Promise<Visit> {
  let next: TlsSession | undefined;
  const options = { host: '127.0.0.1', port, serverName: 'localhost', tls: client, handshakeTimeout: 60_000 };
  const socket = await connect({ ...options, ...(session !== undefined && { session }) });
  socket.on('session', (each: TlsSession) => (next = each));
  return { served: await text(socket), resumed: socket.info?.resumed, session: next };
}

/** Listens to what a program says, from the beginning. */
function listen(child: ChildProcess): (key: string) => Promise<Readonly<Record<string, number>>> {
  const said: Readonly<Record<string, number>>[] = [];
  child.on('message', (message: Readonly<Record<string, number>>) => void said.push(message));
  return async (key) => {
    for (;;) {
      const index = said.findIndex((message) => key in message);
      if (index !== -1) return said.splice(index, 1)[0] ?? {};
      // oxlint-disable-next-line no-await-in-loop
      await once(child, 'message');
    }
  };
}

describe.each(backends)('over the %s backend', (name, backend) => {
  const client = backend.createClientContext({ trust });

  it('two workers of node:cluster behind one port resume each other’s sessions, and one that is killed takes none along', async () => {
    const child = fork(program('cluster.mjs'), [name, JSON.stringify({ identity })], {
      execArgv: [],
      stdio: 'pipe',
      silent: true,
    });
    try {
      const next = listen(child);
      const { port = 0, pid = 0 } = await next('port');
      await next('port');
      const pids = new Set<string>();
      let last = await visit(client, port);
      for (let round = 0; round < 6; round += 1) {
        // oxlint-disable-next-line no-await-in-loop
        last = await visit(client, port, last.session);
        expect(last.resumed).toBe(true);
        pids.add(last.served);
      }
      expect(pids.size).toBe(2);
      process.kill(pid, 'SIGKILL');
      await next('exited');
      await next('port');
      for (let round = 0; round < 6; round += 1) {
        // oxlint-disable-next-line no-await-in-loop
        last = await visit(client, port, last.session);
        expect(last.resumed).toBe(true);
        pids.add(last.served);
      }
      expect(pids.size).toBe(3);
    } finally {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    }
  });

  it('threads resume each other’s sessions', async () => {
    using leader = await leadWorkers();
    const threads = [1, 2].map(
      () => new Worker(program('thread.mjs'), { workerData: { backendName: name, identity }, execArgv: [] }),
    );
    try {
      const ports = await Promise.all(
        threads.map(async (thread) => {
          leader.serve(thread);
          for (;;) {
            // oxlint-disable-next-line no-await-in-loop
            const [message] = (await once(thread, 'message')) as [{ readonly port?: number }];
            if (message.port !== undefined) return message.port;
          }
        }),
      );
      const [one = 0, two = 0] = ports;
      const first = await visit(client, one);
      const second = await visit(client, two, first.session);
      const third = await visit(client, one, second.session);
      expect([first.resumed, second.resumed, third.resumed]).toEqual([false, true, true]);
    } finally {
      await Promise.all(threads.map((thread) => thread.terminate()));
    }
  });
});

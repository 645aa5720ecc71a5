// Measures how long a burst of 16 handshakes takes after some idle time, with and without key shares made ahead, over sockets with both sides
// in one process, taking turns: node dist/bursts.js. Groups are the default, or x25519 alone; every handshake is a full one.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createRoot } from '@org/pki';
import { connect, createServer, type TlsSocket } from '@org/tls-core/node';
import { keySharesAhead, type CryptoProvider } from '@org/tls-crypto';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import { nativeCrypto } from '@org/tls-native/crypto';
import { createBackend } from '@org/tls-pure';
import { median, ratiosByRound } from './statistics.ts';

const connections = 16;
/** Two key exchanges of 16 pairs, one in ten milliseconds, and as much again for a busy machine. */
const idleTime = 700;
const rounds = 15;

const root = await createRoot();
const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'] });

/** `undefined`: the default of the backend. */
type Groups = readonly ['x25519'] | undefined;

interface Side {
  /** @returns how many milliseconds it took until all were secured */
  readonly burst: () => Promise<number>;
  readonly close: () => Promise<void>;
}

async function sideOf(crypto: CryptoProvider, groups: Groups): Promise<Side> {
  const backend = createBackend({ crypto });
  const options = groups === undefined ? {} : { groups };
  const context = backend.createServerContext({
    identity: { certificateChain: chainPem, privateKey: privateKeyPem },
    ...options,
  });
  const server = await createServer({ tls: context }, (socket) => void socket.resume());
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = backend.createClientContext({ trust: root.certificatePem, ...options });
  const secured = (): Promise<TlsSocket> => connect({ host: '127.0.0.1', port, tls: client, serverName: 'localhost' });
  return {
    async burst() {
      const startedAt = performance.now();
      const sockets = await Promise.all(Array.from({ length: connections }, secured));
      const took = performance.now() - startedAt;
      const closed = sockets.map(async (socket) => once(socket.resume().end(), 'close'));
      await Promise.all(closed);
      return took;
    },
    close: async () => void (await once(server.close(), 'close')),
  };
}

async function compare(name: string, crypto: CryptoProvider, groups: Groups): Promise<void> {
  const sides = [await sideOf(crypto, groups), await sideOf(keySharesAhead(crypto), groups)];
  const times: number[][] = [[], []];
  for (let warmUp = 0; warmUp < 40; warmUp += 1) for (const side of sides) await side.burst();
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, side] of sides.entries()) {
      await delay(idleTime);
      times[index]?.push(await side.burst());
    }
  }
  const [usual = [], ahead = []] = times;
  const [before, after, ratio] = [usual, ahead, ratiosByRound(ahead, usual)].map((each) => median(each));
  console.log(
    `${name}, ${groups?.join() ?? 'default groups'}: ${before?.toFixed(1)} ms, ahead ${after?.toFixed(1)} ms, ratio ${ratio?.toFixed(2)}`,
  );
  for (const side of sides) await side.close();
}

console.log(`Node ${process.versions.node}, ${connections} handshakes at once, median of ${rounds}`);
for (const groups of [['x25519'], undefined] satisfies Groups[]) {
  for (const crypto of [nodeCrypto, nativeCrypto, nobleCrypto]) await compare(crypto.name, crypto, groups);
}

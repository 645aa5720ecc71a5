import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createRoot } from '@org/pki';
import { connect, createServer } from '@org/tls-core/node';
import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../src/index.ts';
import { backends } from './backends.ts';
import { startHttps } from './servers.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const identity = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
const trust = root.certificatePem;

/** The lines of one connection of TLS 1.3 that both sides have. */
const labels = [
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
  'EXPORTER_SECRET',
];

describe.each(backends)('over %s', (_name, backend) => {
  test('a client gives the lines of all its connections, as the server has them', async () => {
    const lines: string[] = [];
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls: { backend, trust, keyLog: (line) => void lines.push(line) } });
    const ofServer: string[] = [];
    server.onKeyLog((line) => ofServer.push(line.toString().trimEnd()));
    await Promise.all([1, 2, 3].map(async () => (await client.request(server.origin)).body.text()));
    expect(server.connections()).toBe(3);
    expect(lines.toSorted()).toEqual(ofServer.toSorted());
    expect(lines).toHaveLength(3 * labels.length);
  });

  test('connect has given the lines of the handshake when it is done, and a server gives the same', async () => {
    const [ofClient, ofServer]: [string[], string[]] = [[], []];
    const keyLog = (line: string) => void ofServer.push(line);
    const server = await createServer({ tls: { backend, identity, keyLog } }, (socket) => socket.resume());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const tls = { backend, trust, keyLog: (line: string) => void ofClient.push(line) };
    const accepted = once(server, 'secureConnection');
    const socket = await connect({ host: 'localhost', port, tls });
    expect(new Set(ofClient.map((line) => line.split(' ')[0]))).toEqual(new Set(labels));
    await accepted;
    expect(ofServer.toSorted()).toEqual(ofClient.toSorted());
    socket.destroy();
    await server[Symbol.asyncDispose]();
  });
});

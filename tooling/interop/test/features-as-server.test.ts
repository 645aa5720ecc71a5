import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConnectionInfo, ServerConfig } from '@org/tls-core';
import { createServer } from '@org/tls-core/node';
import { createBackend } from '@org/tls-pure';
import { generateEchKey } from '@org/tls-pure/ech';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity, type IdentityFiles } from '../src/identity-files.ts';
import {
  clientPeers,
  earlyDataClients,
  hesitantClients,
  hybridClients,
  hybridGroups,
  postQuantumClients,
  ticketClients,
} from '../src/matrix.ts';
import { curl } from '../src/peers/curl.ts';
import { fetchWithEch } from '../src/peers/nss.ts';
import { fetchWithPsk, opensslClient } from '../src/peers/openssl.ts';

const backend = createBackend();
let made: IdentityFiles;
beforeAll(async () => {
  made = await makeIdentity();
});
afterAll(() => made[Symbol.asyncDispose]());

const hello = 'hello from ours';

describe('tls-pure as server', () => {
  it.each(clientPeers)('resumes a session of TLS 1.3 with $name', async ({ fetchPage }) => {
    await using server = await serve({});
    expect(await fetchPage(server.port, made.files, { resumes: true })).toContain(hello);
    expect(server.infos.map(({ protocol, resumed }) => [protocol, resumed])).toEqual([
      ['TLSv1.3', false],
      ['TLSv1.3', true],
    ]);
  });

  it.each(ticketClients)('resumes a session of TLS 1.2 by its ticket with $name', async ({ fetchPage }) => {
    await using server = await serve({ maxVersion: 'TLSv1.2' });
    expect(await fetchPage(server.port, made.files, { resumes: true })).toContain(hello);
    expect(server.infos.map(({ protocol, resumed }) => [protocol, resumed])).toEqual([
      ['TLSv1.2', false],
      ['TLSv1.2', true],
    ]);
  });

  it('resumes a session of TLS 1.2 by its session id with curl, which takes no tickets', async () => {
    const states = new Map<string, Uint8Array>();
    const sessionStore = {
      put: (identifier: Uint8Array, state: Uint8Array) => void states.set(identifier.toString(), state),
      take: (identifier: Uint8Array) => states.get(identifier.toString()),
    };
    await using server = await serve({ maxVersion: 'TLSv1.2', sessionStore });
    expect(await curl.fetchPage(server.port, made.files, { resumes: true })).toContain(hello);
    expect(server.infos.map(({ resumed }) => resumed)).toEqual([false, true]);
  });

  it.each(earlyDataClients)('accepts early data of $name', async ({ fetchPage }) => {
    await using server = await serve({ maxEarlyData: 16_384 });
    expect(await fetchPage(server.port, made.files, { resumes: true, sendsEarlyData: true })).toContain(hello);
    expect(server.infos.map(({ earlyData }) => earlyData)).toEqual(['none', 'accepted']);
  });

  it.each(clientPeers)('verifies the certificate of $name', async ({ fetchPage }) => {
    await using server = await serve({ clientAuthentication: 'require', clientTrust: made.trust });
    expect(await fetchPage(server.port, made.files, { provesItself: true })).toContain(hello);
    expect(server.infos).toHaveLength(1);
    expect(server.infos[0]).toMatchObject({ clientAuthentication: 'provided' });
    expect(server.infos[0]?.peer?.verifiedPath).toHaveLength(2);
  });

  it('§4.4.2.4 refuses a client without the certificate that it requires', async () => {
    await using server = await serve({ clientAuthentication: 'require', clientTrust: made.trust });
    await expect(opensslClient.fetchPage(server.port, made.files)).rejects.toThrow('certificate required');
    expect(await server.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REQUIRED', alert: 116 });
    expect(server.infos).toEqual([]);
  });

  it.each(clientPeers)('§4.1.4 asks $name for another group', async ({ fetchPage }) => {
    await using server = await serve({ groups: ['secp384r1'] });
    expect(await fetchPage(server.port, made.files)).toContain(hello);
    expect(server.infos[0]).toMatchObject({ group: 'secp384r1', helloRetryRequest: true });
  });

  it.each(postQuantumClients)('agrees on X25519MLKEM768 with $name', async ({ fetchPage }) => {
    await using server = await serve({});
    expect(await fetchPage(server.port, made.files)).toContain(hello);
    expect(server.infos[0]).toMatchObject({ group: 'X25519MLKEM768', helloRetryRequest: false });
  });

  it.each(hesitantClients)('§4.1.1 asks $name, which sent a share of X25519, for X25519MLKEM768', async (peer) => {
    await using server = await serve({});
    expect(await peer.fetchPage(server.port, made.files)).toContain(hello);
    expect(server.infos[0]).toMatchObject({ group: 'X25519MLKEM768', helloRetryRequest: true });
  });

  it.each(hybridClients)('agrees with $name on every hybrid group', async ({ fetchPage }) => {
    for (const onlyGroup of hybridGroups) {
      await using server = await serve({});
      expect(await fetchPage(server.port, made.files, { onlyGroup })).toContain(hello);
      expect(server.infos[0]).toMatchObject({ group: onlyGroup, helloRetryRequest: false });
    }
  });

  it('knows an external key of openssl s_client', async () => {
    const key = Buffer.alloc(32, 0x5a);
    await using server = await serve({ externalPsks: [{ identity: Buffer.from('sensor-17'), key }] });
    const psk = { identity: 'sensor-17', keyHex: key.toString('hex') };
    expect(await fetchWithPsk(server.port, made.files, psk)).toContain(hello);
    expect(server.infos[0]?.externalPskIdentity).toEqual(Uint8Array.from(Buffer.from('sensor-17')));
  });

  it('opens the Encrypted Client Hello of NSS’s tstclnt', async () => {
    const key = generateEchKey({ publicName: '127.0.0.1.test' });
    await using server = await serve({ echKeys: [key] });
    expect(await fetchWithEch(server.port, made.files, key.configList)).toContain(hello);
    expect(server.infos[0]).toMatchObject({ ech: 'accepted', serverName: 'localhost' });
  });
});

interface OurServer extends AsyncDisposable {
  readonly port: number;
  readonly infos: readonly ConnectionInfo[];
  /** The first handshake that failed. */
  readonly failure: Promise<unknown>;
}

/** A server of ours with node:http on top. */
async function serve(config: Partial<ServerConfig>): Promise<OurServer> {
  const infos: ConnectionInfo[] = [];
  const pages = http.createServer((_request, response) => {
    response.setHeader('connection', 'close');
    response.end(`${hello}\n`);
  });
  const server = await createServer({ tls: { backend, identity: made.identity, ...config } }, (socket) => {
    if (socket.info !== undefined) infos.push(socket.info);
    pages.emit('connection', socket);
  });
  const failure = new Promise<unknown>((resolve) => {
    server.on('tlsClientError', resolve);
  });
  server.listen(0); // both families: `localhost` may be either
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, infos, failure, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

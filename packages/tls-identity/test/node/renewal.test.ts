import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHttpsServer, createHttpsAgent } from '@org/tls-core/http';
import { clientContext, connect, createServer, type TlsServer, type TlsSocket } from '@org/tls-core/node';
import type { ProtocolVersion, ServerConfig, TlsBackend, TlsSession } from '@org/tls-core';
import { createRoot, type TestCertificate } from '@org/pki';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { get } from 'node:https';
import { watchIdentities, watchIdentity, type WatchedIdentity } from '../../src/node/index.ts';
import { CertificateFolders } from '../support/certificate-folders.ts';

let folders: CertificateFolders;
let root: TestCertificate;
let certificates: readonly TestCertificate[];
const toDispose: AsyncDisposable[] = [];
beforeAll(async () => {
  root = await createRoot();
  certificates = await Promise.all(Array.from({ length: 21 }, () => root.issue({ names: ['localhost', '127.0.0.1'] })));
});
beforeEach(() => {
  folders = new CertificateFolders();
});
afterEach(async () => {
  for (const each of toDispose.splice(0).reverse())
    // oxlint-disable-next-line no-await-in-loop
    await each[Symbol.asyncDispose]();
  folders[Symbol.dispose]();
});

const certificate = (index: number): TestCertificate => certificates[index] as TestCertificate;
const serial = ({ certificateDer }: TestCertificate): string => new X509Certificate(certificateDer).serialNumber;

/** The serial number of the certificate that the peer has shown. */
function serialSeen(socket: TlsSocket): string {
  return new X509Certificate(Buffer.from(socket.info?.peer?.chain[0] ?? [])).serialNumber;
}

/** Echoes what comes. */
async function serve(tls: ServerConfig & { readonly backend: TlsBackend }): Promise<TlsServer> {
  const server = await createServer({ tls }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  toDispose.push(server);
  return listening(server);
}

async function listening<Server extends { listen(port: number, host: string): unknown } & NodeJS.EventEmitter>(
  server: Server,
): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}

async function watched(index = 0, name = 'a'): Promise<WatchedIdentity> {
  const identity = await watchIdentity({ folder: folders.certbot(name, certificate(index)) }, { interval: 0 });
  toDispose.push({ [Symbol.asyncDispose]: () => Promise.resolve(identity.close()) });
  return identity;
}

async function dial(port: number, more: object = {}): Promise<TlsSocket> {
  const tls = { backend: createPure(), trust: root.certificatePem, ...more };
  return connect({ host: '127.0.0.1', port, serverName: 'localhost', tls });
}

/** Sends a word and waits until it comes back. */
async function echo(socket: TlsSocket, word: string): Promise<string> {
  socket.write(word);
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString();
}

/** The serial number that `openssl s_client` is shown. It fails where the chain does not prove the name. */
async function askedByOpenssl(port: number, ...args: readonly string[]): Promise<string> {
  const ca = folders.write('root.pem', root.certificatePem);
  const verified = ['-CAfile', ca, '-verify_return_error', '-verify_hostname', 'localhost', '-servername', 'localhost'];
  const client = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...verified, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  client.stdin.end('Q\n');
  const printed = await text(client.stdout);
  const pem = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(printed)?.[0];
  if (pem === undefined) throw new Error(`openssl saw no certificate: ${printed}`);
  expect(printed).toContain('Verify return code: 0 (ok)');
  return new X509Certificate(pem).serialNumber;
}

/** `npm run test:whole` does as many as the page says. */
const load =
  process.env['TEST_SCOPE'] === 'whole' ? { handshakes: 200, renewals: 20 } : { handshakes: 60, renewals: 6 };

describe.each([
  ['tls-pure', createPure],
  ['tls-native', createNative],
] as const)('a server over %s', (_name, createBackend) => {
  test.each<ProtocolVersion>(['TLSv1.2', 'TLSv1.3'])(
    'shows a renewed certificate to who comes in %s, and drops nobody who is there',
    async (version) => {
      const identity = await watched();
      const { selectIdentity } = identity;
      const server = await serve({
        backend: createBackend(),
        selectIdentity,
        maxVersion: version,
        minVersion: version,
      });
      const before = await dial(portOf(server));
      expect(serialSeen(before)).toBe(serial(certificate(0)));
      folders.certbot('a', certificate(1));
      expect(await identity.check()).toBe(true);
      expect(await echo(before, 'still here')).toBe('still here');
      const after = await dial(portOf(server));
      expect(serialSeen(after)).toBe(serial(certificate(1)));
      const option = version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3';
      expect(await askedByOpenssl(portOf(server), option)).toBe(serial(certificate(1)));
      expect(await echo(before, 'and here')).toBe('and here');
      before.destroy();
      after.destroy();
    },
  );

  test('goes on with the old certificate where the new one has another key', async () => {
    const identity = await watched();
    const server = await serve({ backend: createBackend(), selectIdentity: identity.selectIdentity });
    folders.certbot('a', certificate(1), certificate(2));
    await expect(identity.check()).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
    expect(await askedByOpenssl(portOf(server))).toBe(serial(certificate(0)));
  });

  test.each<ProtocolVersion>(['TLSv1.2', 'TLSv1.3'])(
    'resumes a session of %s from before a renewal',
    async (version) => {
      const identity = await watched();
      const server = await serve({ backend: createBackend(), selectIdentity: identity.selectIdentity });
      const sessions: TlsSession[] = [];
      const context = await clientContext({
        backend: createPure(),
        trust: root.certificatePem,
        minVersion: version,
        maxVersion: version,
      });
      const resumed: boolean[] = [];
      for (let turn = 0; turn < 3; turn += 1) {
        const session = sessions.pop();
        // oxlint-disable no-await-in-loop
        const socket = await connect({
          host: '127.0.0.1',
          port: portOf(server),
          serverName: 'localhost',
          tls: context,
          ...(session !== undefined && { session }),
        });
        socket.on('session', (made: TlsSession) => sessions.push(made));
        resumed.push(socket.info?.resumed ?? false);
        expect(await echo(socket, 'a')).toBe('a');
        socket.destroy();
        folders.certbot('a', certificate(turn + 1));
        await identity.check();
        // oxlint-enable no-await-in-loop
      }
      expect(resumed).toEqual([false, true, true]);
    },
  );

  test(`fails no handshake while ${load.handshakes} of them meet ${load.renewals} renewals`, async () => {
    const identity = await watched();
    const server = await serve({ backend: createBackend(), selectIdentity: identity.selectIdentity });
    const failures: unknown[] = [];
    server.on('tlsClientError', (error) => failures.push(error));
    const shake = async (): Promise<string> => {
      const socket = await dial(portOf(server));
      expect(await echo(socket, 'a')).toBe('a');
      const shown = serialSeen(socket);
      socket.destroy();
      return shown;
    };
    let count = 0;
    let isRenewing = true;
    const known = new Set(certificates.map(serial));
    const shakeAllTheTime = async (): Promise<void> => {
      while (isRenewing || count < load.handshakes) {
        count += 1;
        // oxlint-disable-next-line no-await-in-loop
        expect(known).toContain(await shake());
      }
    };
    const others = Array.from({ length: 3 }, shakeAllTheTime);
    for (let version = 1; version <= load.renewals; version += 1) {
      // oxlint-disable no-await-in-loop
      folders.certbot('a', certificate(version));
      expect(await identity.check()).toBe(true);
      expect(await shake()).toBe(serial(certificate(version)));
      // oxlint-enable no-await-in-loop
    }
    isRenewing = false;
    await Promise.all(others);
    expect(failures).toEqual([]);
  });

  test('has the certificate of each name, by the key that the client can verify', async () => {
    const rsa = await root.issue({ names: ['localhost'], algorithm: 'rsa-2048' });
    const other = await root.issue({ names: ['*.a.test'] });
    folders.certbot('ec', certificate(0));
    folders.certbot('rsa', rsa);
    folders.certbot('wild', other);
    const identities = await watchIdentities({ foldersOf: folders.path('live') }, { interval: 0, defaultName: false });
    toDispose.push({ [Symbol.asyncDispose]: () => Promise.resolve(identities.close()) });
    const server = await serve({ backend: createBackend(), selectIdentity: identities.selectIdentity });
    for (const version of ['-tls1_2', '-tls1_3']) {
      // oxlint-disable no-await-in-loop
      expect(await askedByOpenssl(portOf(server), version)).toBe(serial(certificate(0)));
      const onlyRsa = ['-sigalgs', 'rsa_pss_rsae_sha256:rsa_pkcs1_sha256'];
      // The leaf is trusted by itself, because its issuer's signature has another scheme.
      const ca = folders.write('rsa.pem', rsa.certificatePem);
      expect(await askedByOpenssl(portOf(server), version, ...onlyRsa, '-CAfile', ca, '-partial_chain')).toBe(
        serial(rsa),
      );
      // oxlint-enable no-await-in-loop
    }
    const named = await connect({
      host: '127.0.0.1',
      port: portOf(server),
      serverName: 'x.a.test',
      tls: { backend: createPure(), trust: root.certificatePem },
    });
    expect(serialSeen(named)).toBe(serial(other));
    named.destroy();
    const stranger = connect({
      host: '127.0.0.1',
      port: portOf(server),
      serverName: 'b.test',
      tls: { backend: createPure(), trust: root.certificatePem },
    });
    await expect(stranger).rejects.toMatchObject({ code: 'ERR_TLS_ALERT', alert: 112 });
  });

  test('of HTTP shows the renewed certificate to the next connection, and answers the one that is open', async () => {
    const identity = await watched();
    const tls = { backend: createBackend(), selectIdentity: identity.selectIdentity };
    const server = await createHttpsServer({ tls }, (_request, response) => response.end('served'));
    toDispose.push(server);
    await listening(server);
    const open = await createHttpsAgent({
      keepAlive: true,
      maxSockets: 1,
      tls: { backend: createPure(), trust: root.certificatePem },
    });
    const ask = async (agent = open): Promise<readonly [string, string]> => {
      const request = get({ agent, host: '127.0.0.1', port: portOf(server) });
      const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream & { socket: TlsSocket }];
      const shown = serialSeen(response.socket);
      return [await text(response), shown];
    };
    expect(await ask()).toEqual(['served', serial(certificate(0))]);
    folders.certbot('a', certificate(1));
    await identity.check();
    expect(await ask()).toEqual(['served', serial(certificate(0))]);
    open.destroy();
    const next = await createHttpsAgent({ tls: { backend: createPure(), trust: root.certificatePem } });
    expect(await ask(next)).toEqual(['served', serial(certificate(1))]);
    next.destroy();
  });
});

describe.each([
  ['tls-pure', createPure],
  ['tls-native', createNative],
] as const)('a client over %s', (_name, createBackend) => {
  test('shows its renewed certificate to the servers that come, and keeps its context', async () => {
    const identity = await watched();
    const server = await serve({
      backend: createPure(),
      identity: { certificateChain: certificate(20).chainPem, privateKey: certificate(20).privateKeyPem },
      clientAuthentication: 'require',
      clientTrust: root.certificatePem,
    });
    const context = await clientContext({
      backend: createBackend(),
      trust: root.certificatePem,
      selectIdentity: identity.selectIdentity,
    });
    for (const version of [0, 1]) {
      if (version > 0) folders.certbot('a', certificate(version));
      // oxlint-disable no-await-in-loop
      await identity.check();
      const accepted = once(server, 'secureConnection');
      const socket = await connect({ host: '127.0.0.1', port: portOf(server), serverName: 'localhost', tls: context });
      const [theirs] = (await accepted) as [TlsSocket];
      // oxlint-enable no-await-in-loop
      expect(serialSeen(theirs)).toBe(serial(certificate(version)));
      socket.destroy();
    }
  });
});

import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as acme from 'acme-client';
import { expect, it } from 'vitest';
import { onFreePort, startServer, type ChildServer } from '@org/interop/child-process';
import { createRoot, type TestCertificate } from '@org/pki';
import { createHttpsAgent, type HttpsServer } from '@org/tls-core/http';
import { connect, type TlsSocket } from '@org/tls-core/node';
import type { WatchedIdentity } from '@org/tls-identity/node';
import { codeBlocks, runBlock } from './code-blocks.ts';

/** What the example has made. */
interface Example {
  readonly identity: WatchedIdentity;
  readonly server: HttpsServer;
  renew(): Promise<void>;
}

/** Pebble is the test server of Let's Encrypt. It asks for the answers at the port of the example's HTTP server. */
async function startPebble(folder: string, own: TestCertificate, httpPort: number): Promise<ChildServer> {
  const [certificate, privateKey] = [join(folder, 'pebble.pem'), join(folder, 'pebble.key')];
  await writeFile(certificate, own.chainPem);
  await writeFile(privateKey, own.privateKeyPem);
  return onFreePort(async (port) => {
    const config = join(folder, 'pebble.json');
    const pebble = {
      listenAddress: `127.0.0.1:${port}`,
      managementListenAddress: '',
      certificate,
      privateKey,
      httpPort,
    };
    await writeFile(config, JSON.stringify({ pebble: { ...pebble, tlsPort: 1 } }));
    const program = {
      command: 'pebble',
      args: ['-config', config],
      install: 'apt-get install pebble',
      env: { PATH: process.env['PATH'] ?? '', PEBBLE_VA_NOSLEEP: '1' },
    };
    return startServer(program, /Listening on: 127\.0\.0\.1:(\d+)/);
  });
}

/** The serial number of the certificate that the example's server shows, with what the connection needs to go on. */
async function shown(server: HttpsServer): Promise<readonly [string, TlsSocket]> {
  const { port } = server.address() as AddressInfo;
  const tls = { backend: 'pure', dangerous: { acceptAnyCertificate: true } };
  const socket = await connect({ host: '127.0.0.1', port, serverName: 'localhost', tls });
  return [new X509Certificate(Buffer.from(socket.info?.peer?.chain[0] ?? [])).serialNumber, socket];
}

it('renewed certificates: the ACME client of the page gets a certificate of Pebble and renews it, and the server shows both', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'acme-'));
  const root = await createRoot();
  const own = await root.issue({ names: ['localhost'] });
  // The example answers the CA by this server, since the CA has to know the port before.
  const answering = createServer();
  answering.listen(0);
  await once(answering, 'listening');
  const httpPort = (answering.address() as AddressInfo).port;
  Object.assign(globalThis, { answering });
  await using pebble = await startPebble(folder, own, httpPort);
  acme.axios.defaults.httpsAgent = await createHttpsAgent({ tls: { backend: 'pure', trust: root.certificatePem } });
  Object.assign(acme.axios.defaults, { acmeSettings: { httpChallengePort: httpPort } });
  await writeFile(join(folder, 'account-key.pem'), await acme.crypto.createPrivateEcdsaKey());
  const code = (await codeBlocks('docs/features/renewed-certificates.md')).find((block) =>
    block.includes('acme-client'),
  );
  const { identity, server, renew } = (await runBlock('acme', code ?? '', {
    changes: {
      '/var/lib/www': folder,
      'acme.directory.letsencrypt.production': JSON.stringify(`https://localhost:${pebble.port}/dir`),
      'www.example.org': 'localhost',
      'createServer(({ url': "answering.on('request', ({ url",
      '.listen(80)': '',
      '.listen(443)': ".listen(0, '127.0.0.1')",
      'tls: { selectIdentity': "tls: { backend: 'pure', selectIdentity",
      '}, day / 2);': '}, day / 2).unref();',
    },
    after: 'export { identity, server, renew };',
  })) as unknown as Example;
  try {
    if (!server.listening) await once(server, 'listening');
    const [first, open] = await shown(server);
    expect(identity.expiresAt).toBeGreaterThan(Date.now());
    await renew();
    expect(await identity.check()).toBe(true);
    const [second, next] = await shown(server);
    expect(second).not.toBe(first);
    expect(open.destroyed).toBe(false);
    open.destroy();
    next.destroy();
  } finally {
    identity.close();
    await server[Symbol.asyncDispose]();
    answering.close();
    await rm(folder, { recursive: true });
  }
});

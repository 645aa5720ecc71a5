import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRoot, startOcspServer, type OcspServer, type TestCertificate } from '@org/pki';
import { connect, createServer } from '@org/tls-core/node';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { peerVerifier } from '@org/x509';
import { watchRevocationLists } from '@org/x509/node';
import { checkCertificateStatus, ocspStapler, statusFetcher } from '@org/x509/status';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram, startServer, type ChildServer } from '../src/child-process.ts';

const openssl = { command: 'openssl', install: 'apt-get install openssl' };
const ours = [
  ['pure', createPure()],
  ['native', createNative()],
] as const;
const lookingUp = [
  ['pure', createPure()],
  ['native with a verifier', createNative({ verifier: peerVerifier() })],
] as const;
const goodSerial = Uint8Array.of(0x40, 1);
const revokedSerial = Uint8Array.of(0x40, 2);

let root: TestCertificate;
let good: TestCertificate;
let revoked: TestCertificate;
let responder: OcspServer;
let folder: string;

beforeAll(async () => {
  root = await createRoot({ commonName: 'issuer' });
  responder = await startOcspServer({ issuer: root, statuses: { '4001': 'V', '4002': 'R' } });
  const extensions = [responder.authorityInfoAccess];
  good = await root.issue({ names: ['localhost'], serialNumber: goodSerial, extensions });
  revoked = await root.issue({ names: ['localhost'], serialNumber: revokedSerial, extensions });
  folder = await mkdtemp(path.join(tmpdir(), 'tls-status-'));
  const files = { root: root.certificatePem, good: good.chainPem, revoked: revoked.chainPem };
  for (const [name, contents] of Object.entries(files)) await writeFile(at(name), contents);
  for (const [name, { privateKeyPem }] of Object.entries({ good, revoked }))
    await writeFile(at(`${name}-key`), privateKeyPem);
});
afterAll(async () => {
  await responder.stop();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string): string => path.join(folder, name);
const identityOf = ({ chainPem, privateKeyPem }: TestCertificate) => ({
  certificateChain: chainPem + root.certificatePem,
  privateKey: privateKeyPem,
});

async function sClient(port: number, ...args: readonly string[]): Promise<string> {
  const target = ['s_client', '-connect', `localhost:${port}`, '-servername', 'localhost', '-CAfile', at('root')];
  return runProgram({ ...openssl, args: [...target, '-verify_return_error', ...args] });
}

describe.each(ours)('a server over %s', (_, backend) => {
  it.each(['-tls1_2', '-tls1_3'])(
    'staples to `openssl s_client -status` with %s what the responder says',
    async (protocol) => {
      const stapler = ocspStapler({
        fetch: statusFetcher(fetch),
        onFailure: (error) => {
          throw error;
        },
      });
      const tls = { backend, identity: stapler.staple(identityOf(good)) };
      await stapler.ready();
      const server = await createServer({ tls }, (socket) => socket.end());
      server.on('tlsClientError', () => undefined);
      server.listen(0, 'localhost');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const said = await sClient(port, '-status', protocol);
      expect(said).toContain('OCSP Response Status: successful (0x0)');
      expect(said).toContain('Cert Status: good');
      expect(await sClient(port, protocol)).not.toContain('OCSP Response Status');
      stapler.close();
      server.close();
    },
  );
});

describe.each(lookingUp)('a server over %s', (_, backend) => {
  it('refuses a client of OpenSSL from the moment on at which the list in its file names it, and resumes no session of it', async () => {
    await writeFile(at('list.crl'), await root.issueCrl({ thisUpdate: new Date(Date.now() - 7_200_000) }));
    const lists = await watchRevocationLists({ paths: [at('list.crl')], interval: 0 });
    const server = await createServer(
      {
        tls: {
          backend,
          identity: identityOf(good),
          clientAuthentication: 'require',
          clientTrust: root.certificatePem,
          revocation: { lists },
        },
      },
      (socket) => socket.end(`resumed: ${String(socket.info?.resumed)}`),
    );
    const codes: unknown[] = [];
    server.on('tlsClientError', ({ code }: { readonly code?: string }) => codes.push(code));
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = ['-cert', at('revoked'), '-key', at('revoked-key'), '-ign_eof'];
    expect(await sClient(port, ...client, '-sess_out', at('session'))).toContain('resumed: false');
    expect(await sClient(port, ...client, '-sess_in', at('session'), '-sess_out', at('session'))).toContain(
      'resumed: true',
    );
    await writeFile(at('list.crl'), await root.issueCrl({ serialNumbers: [revokedSerial] }));
    await lists.check();
    const said = await sClient(port, ...client, '-sess_in', at('session')).catch(String);
    expect(said).not.toContain('resumed: true');
    expect(codes).toEqual(['ERR_TLS_CERTIFICATE_REVOKED']);
    lists.close();
    server.close();
  });
});

describe.each(ours)('a client over %s', (_, backend) => {
  async function outcomeOf(name: 'good' | 'revoked', args: readonly string[]): Promise<string> {
    const url = ['-status_url', `http://127.0.0.1:${responder.port}`];
    const files = ['-cert', at(name), '-key', at(`${name}-key`), '-CAfile', at('root')];
    await using server: ChildServer = await startServer(
      {
        ...openssl,
        args: ['s_server', '-accept', '0', '-www', ...files, ...(args.length > 0 ? [...args, ...url] : [])],
      },
      /ACCEPT \S+:(\d+)/u,
    );
    const verifyPeer = checkCertificateStatus({ fetch: statusFetcher(fetch) });
    const tls = { backend, trust: root.certificatePem, verifyPeer };
    try {
      const socket = await connect({ host: 'localhost', port: server.port, tls });
      socket.destroy();
      return 'accepted';
    } catch (error) {
      return (error as { readonly code: string }).code;
    }
  }

  it('learns from the responder what a server of OpenSSL does not say, and from a staple what it says', async () => {
    expect(await outcomeOf('good', [])).toBe('accepted');
    expect(await outcomeOf('revoked', [])).toBe('ERR_TLS_CERTIFICATE_REVOKED');
    expect(await outcomeOf('revoked', ['-status'])).toBe('ERR_TLS_CERTIFICATE_REVOKED');
  });
});

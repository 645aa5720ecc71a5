import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { rootCertificates } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ClientConfig, ProtocolVersion, TrustSource } from '@org/tls-core';
import { connect, createServer, type TlsSocket } from '@org/tls-core/node';
import { createBackend, nativeLibrary } from '@org/tls-native';
import { nativeCryptoLibrary } from '@org/tls-native/crypto';
import { leaf, opensslIdentity, type OpensslIdentity, root, stranger, systemRoot } from '../certificates.ts';
import { runOpenssl, startServer, type PeerServer } from '../peers.ts';

const backend = createBackend({ library: 'node' });
const ofNode = process.versions.openssl.replace(/[^\d.].*$/, '');
const versions: readonly (readonly [ProtocolVersion, string])[] = [
  ['TLSv1.2', '-tls1_2'],
  ['TLSv1.3', '-tls1_3'],
];

/** Node reads what Windows trusts from 22.15 on. */
const { getCACertificates } = (await import('node:tls')) as { readonly getCACertificates?: unknown };

afterEach(() => vi.unstubAllEnvs());

/** Sends each line back reversed. */
function reverser(flag: string, certificate: OpensslIdentity = opensslIdentity(leaf)): Promise<PeerServer> {
  return startServer({ ...certificate, args: ['-rev', ...certificate.args, flag] });
}

function connectTo({ port }: PeerServer, tls: ClientConfig): Promise<TlsSocket> {
  return connect({ host: '127.0.0.1', port, serverName: 'localhost', tls: { backend, ...tls } });
}

async function stressed(connecting: Promise<TlsSocket>): Promise<ProtocolVersion | undefined> {
  await using socket = await connecting;
  socket.setEncoding('utf8').write('desserts\n');
  expect(await once(socket, 'data')).toEqual(['stressed\n']);
  return socket.info?.protocol;
}

/** The version that was spoken, or the code of what kept it from that. */
async function outcomeOf(server: PeerServer, trust: TrustSource): Promise<unknown> {
  try {
    return await stressed(connectTo(server, { trust }));
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
}

describe('the library', () => {
  it('is Node’s own OpenSSL, of which node.exe consists, and says so', () => {
    expect(nativeLibrary({ library: 'node' })).toMatchObject({
      name: 'openssl',
      version: `OpenSSL ${ofNode}`,
      path: expect.stringMatching(/\\node[^\\]*\.exe$/) as string,
      ofNode: true,
      hasSystemTrust: false,
    });
    expect(nativeCryptoLibrary()).toMatchObject({ source: 'node', path: nativeLibrary({ library: 'node' }).path });
  });

  it('stays the one of the process: SChannel beside it is refused by name', () => {
    expect(() => createBackend({ library: 'system' })).toThrow(
      expect.objectContaining({
        code: 'ERR_TLS_BACKEND_UNAVAILABLE',
        message: expect.stringContaining(`system: this process already uses OpenSSL ${ofNode}`) as string,
      }),
    );
  });

  it('is not replaced by SChannel’s options', () => {
    for (const options of [{ resumption: 'system' }, { revocation: { check: 'cached' } }] as const) {
      expect(() => createBackend({ library: 'node', ...options })).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED' }),
      );
    }
  });

  it('has TLS 1.3 and all that OpenSSL has', () => {
    const { client } = backend.capabilities;
    expect(client.protocols).toEqual(['TLSv1.2', 'TLSv1.3']);
    expect(client.features).toMatchObject({ resumption: true, earlyData: true, exporter: true, keyUpdate: true });
  });
});

describe.each(versions)('over %s', (protocol, flag) => {
  it('a client speaks with openssl s_server', async () => {
    await using server = await reverser(flag);
    expect(await stressed(connectTo(server, { trust: root.certificatePem }))).toBe(protocol);
    await expect(connectTo(server, { trust: stranger.certificatePem })).rejects.toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    });
  });

  it('a server speaks with openssl s_client', async () => {
    const identity = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
    await using server = await createServer({ tls: { backend, identity } }, (socket) => {
      socket.once('data', (bytes: Uint8Array) => socket.end(bytes));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const args = `s_client -connect 127.0.0.1:${port} -servername localhost -quiet -verify_quiet -verify_return_error`
      .split(' ')
      .concat('-verify_hostname', 'localhost', '-CAfile', '{ca}', flag);
    const input = Buffer.from('hello from Linux\n');
    expect(await runOpenssl({ args, files: { ca: root.certificatePem }, input })).toEqual({ status: 0, output: input });
  });
});

describe('what Windows trusts', () => {
  it('is read by Node from 22.15 on, and no other root is trusted; an older Node refuses it by name', async () => {
    await using known = await reverser('-tls1_3', opensslIdentity(systemRoot.leaf));
    await using other = await reverser('-tls1_3');
    const outcomes = [
      await outcomeOf(known, 'system'),
      await outcomeOf(known, ['system', root.certificatePem]),
      await outcomeOf(other, ['system', root.certificatePem]),
      await outcomeOf(other, 'system'),
    ];
    const unsupported = 'ERR_TLS_UNSUPPORTED';
    expect(outcomes).toEqual(
      getCACertificates === undefined
        ? [unsupported, unsupported, unsupported, unsupported]
        : ['TLSv1.3', 'TLSv1.3', 'TLSv1.3', 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER'],
    );
  });

  it('is what SSL_CERT_FILE names in its place', async () => {
    const file = join(tmpdir(), 'roots.pem');
    writeFileSync(file, root.certificatePem);
    vi.stubEnv('SSL_CERT_FILE', file);
    await using server = await reverser('-tls1_3');
    expect(await stressed(connectTo(server, { trust: ['system'] }))).toBe('TLSv1.3');
  });

  it('is not what Node bundles, which has its own name', () => {
    expect(rootCertificates.length).toBeGreaterThan(100);
    expect(backend.createClientContext({ trust: 'mozilla' }).role).toBe('client');
  });
});

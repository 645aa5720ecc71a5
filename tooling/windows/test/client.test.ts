import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ClientConfig, ProtocolVersion, TlsBackend } from '@org/tls-core';
import { connect, type TlsSocket } from '@org/tls-core/node';
import { createBackend } from '@org/tls-native';
import {
  identityAs,
  identityKinds,
  leaf,
  opensslIdentity,
  type OpensslIdentity,
  root,
  stranger,
  systemRoot,
} from './certificates.ts';
import { startServer, type PeerServer } from './peers.ts';

const backend = createBackend();
const resuming = createBackend({ resumption: 'system' });

const deviation = {
  noQuestion: '[deviation: Wine asks nobody for a certificate in the middle of a handshake]',
  noSession: '[deviation: Wine remembers no sessions]',
  noAlert: '[deviation over TLS 1.3: Wine does not tell which alert came]',
} as const;

/** Sends each line back reversed. */
function reverser(
  certificate: OpensslIdentity = opensslIdentity(leaf),
  flags: readonly string[] = [],
): Promise<PeerServer> {
  return startServer({ ...certificate, args: ['-rev', ...certificate.args, ...flags] });
}

function connectTo(
  { port }: PeerServer,
  tls: ClientConfig & { readonly backend?: TlsBackend },
  serverName = 'localhost',
): Promise<TlsSocket> {
  return connect({ host: '127.0.0.1', port, serverName, tls: { backend, ...tls } });
}

/** What comes back for `lines`, as long as they. */
async function answerTo(socket: TlsSocket, lines: string): Promise<string> {
  socket.setEncoding('utf8').write(lines);
  let answer = '';
  while (answer.length < lines.length) answer += ((await once(socket, 'data')) as [string])[0];
  return answer;
}

async function answered(connecting: Promise<TlsSocket>): Promise<string> {
  await using socket = await connecting;
  return await answerTo(socket, 'desserts\n');
}

function reversed(lines: string): string {
  return lines.replaceAll(/[^\n]+/g, (line) => Array.from(line).reverse().join(''));
}

async function expectToHear(flag: string): Promise<void> {
  await using server = await reverser(undefined, [flag, '-Verify', '1']);
  const attempt = connectTo(server, { trust: root.certificatePem }).then((socket) => once(socket, 'data'));
  await expect(attempt).rejects.toMatchObject({ code: 'ERR_TLS_ALERT', direction: 'received' });
}

const hearing = { 'TLSv1.2': it, 'TLSv1.3': it.fails } as const;

const versions: readonly (readonly [ProtocolVersion, string])[] = backend.capabilities.client.protocols.map(
  (version) => [version, version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3'],
);

describe.each(versions)('a client over %s', (protocol, flag) => {
  it('speaks with openssl s_server', async () => {
    await using server = await reverser(undefined, [flag]);
    await using socket = await connectTo(server, { trust: root.certificatePem });
    expect(socket.info).toMatchObject({ backend: 'native', protocol });
    expect(socket.info?.peer?.chain).toHaveLength(1);
    expect(await answerTo(socket, 'desserts\n')).toBe('stressed\n');
  });

  it('carries 2 MB both ways', async () => {
    const lines = Array.from({ length: 2000 }, (_, index) => `${'.'.repeat(995)}${1000 + index}\n`).join('');
    await using server = await reverser(undefined, [flag]);
    await using socket = await connectTo(server, { trust: root.certificatePem });
    expect((await answerTo(socket, lines)) === reversed(lines)).toBe(true);
  });

  it('agrees on a protocol by ALPN', async () => {
    await using server = await reverser(undefined, [flag, '-alpn', 'h2,http/1.1']);
    await using socket = await connectTo(server, { trust: root.certificatePem, alpnProtocols: ['http/1.1'] });
    expect(socket.alpnProtocol).toBe('http/1.1');
  });

  it('cannot be asked for new keys, and goes on', async () => {
    await using server = await reverser(undefined, [flag]);
    await using socket = await connectTo(server, { trust: root.certificatePem });
    const code = protocol === 'TLSv1.3' ? 'ERR_TLS_UNSUPPORTED' : 'ERR_TLS_API_MISUSE';
    expect(() => socket.requestKeyUpdate()).toThrow(expect.objectContaining({ code }));
    expect(await answerTo(socket, 'desserts\n')).toBe('stressed\n');
  });

  it.each([
    ['another CA', 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', { names: ['localhost'] }, stranger],
    ['another name', 'ERR_TLS_CERTIFICATE_NAME', { names: ['elsewhere.test'] }, root],
    ['yesterday', 'ERR_TLS_CERTIFICATE_EXPIRED', { names: ['localhost'], notAfter: new Date(0) }, root],
  ])('refuses a certificate of %s', async (_what, code, options, issuer) => {
    const notBefore = new Date('1969-12-01');
    const certificate = await issuer.issue({ notBefore, ...options });
    await using server = await reverser(opensslIdentity(certificate), [flag]);
    await expect(connectTo(server, { trust: root.certificatePem })).rejects.toMatchObject({ code });
  });

  it.fails.each(identityKinds)(`proves itself with an identity of %s ${deviation.noQuestion}`, async (kind) => {
    // Wine signs with no other keys
    const own = await root.issue({ extendedKeyUsage: ['clientAuth'], algorithm: 'rsa-2048' });
    const { files, args } = opensslIdentity(leaf);
    await using server = await reverser({ files: { ...files, ca: root.certificatePem }, args }, [
      flag,
      ...'-Verify 1 -verify_return_error -CAfile {ca}'.split(' '),
    ]);
    await using socket = await connectTo(server, { trust: root.certificatePem, identity: await identityAs(kind, own) });
    expect(await answerTo(socket, 'desserts\n')).toBe('stressed\n');
    expect(socket.info).toMatchObject({ clientAuthentication: 'provided' });
  });

  hearing[protocol](
    `that proves nothing is refused by a server that asks for it, and hears so ${deviation.noAlert}`,
    () => expectToHear(flag),
  );

  it('connects again and again where the system may resume, and judges the server each time', async () => {
    await using server = await reverser(undefined, [flag]);
    const attempt = ({ certificatePem }: typeof root): Promise<string> =>
      answered(connectTo(server, { backend: resuming, trust: certificatePem }));
    expect(await attempt(root)).toBe('stressed\n');
    await expect(attempt(stranger)).rejects.toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
    expect(await attempt(root)).toBe('stressed\n');
  });

  it.fails(`resumes within a context ${deviation.noSession}`, async () => {
    await using server = await reverser(undefined, [flag]);
    const tls = resuming.createClientContext({ trust: root.certificatePem });
    const to = { host: '127.0.0.1', port: server.port, serverName: 'localhost', tls };
    await answered(connect(to));
    await using again = await connect(to);
    expect(await answerTo(again, 'desserts\n')).toBe('stressed\n');
    expect(again.info?.resumed).toBe(true);
  });

  it('trusts the system’s roots where it is told to', async () => {
    await using server = await reverser(opensslIdentity(systemRoot.leaf), [flag]);
    await using socket = await connectTo(server, { trust: 'system' });
    expect(await answerTo(socket, 'desserts\n')).toBe('stressed\n');
  });

  it('trusts no root of the system when it has its own', async () => {
    await using server = await reverser(opensslIdentity(systemRoot.leaf), [flag]);
    await expect(connectTo(server, { trust: root.certificatePem })).rejects.toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    });
  });

  it('trusts none but the system’s roots when it is told to', async () => {
    await using server = await reverser(undefined, [flag]);
    await expect(connectTo(server, { trust: 'system' })).rejects.toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    });
  });

  it('trusts its own roots beside the system’s when it is told to', async () => {
    const trust = ['system', root.certificatePem] as const;
    for (const certificate of [leaf, systemRoot.leaf]) {
      await using server = await reverser(opensslIdentity(certificate), [flag]);
      await using socket = await connectTo(server, { trust });
      expect(await answerTo(socket, 'desserts\n')).toBe('stressed\n');
    }
  });
});

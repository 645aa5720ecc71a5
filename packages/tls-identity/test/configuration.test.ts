import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { isTlsError, type ServerConfig } from '@org/tls-core';
import { createHttpsServer } from '@org/tls-core/http';
import { clientContext, connect, createServer, serverContext, type TlsServer } from '@org/tls-core/node';
import type { ServerTls } from '@org/tls-core/config';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { createRoot, type TestCertificate } from '@org/pki';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workbench } from './support/tools.ts';

const bench = new Workbench();
let root: TestCertificate;
let leaf: TestCertificate;

beforeAll(async () => {
  root = await createRoot();
  const intermediate = await root.issue({ isCa: true });
  leaf = await intermediate.issue({ names: ['localhost'] });
  bench.put('leaf', leaf);
  const files = ['-inkey', 'leaf.key', '-in', 'leaf.crt', '-certfile', 'leaf.ca'];
  bench.write('leaf.p12', bench.openssl('pkcs12', '-export', ...files, '-passout', 'pass:a'));
  bench.write('encrypted.key', bench.openssl('pkcs8', '-topk8', '-in', 'leaf.key', '-passout', 'pass:a'));
  bench.write('all.pem', leaf.privateKeyPem + leaf.chainPem);
});
afterAll(() => bench[Symbol.dispose]());

const backends = [
  ['tls-pure', createPure],
  ['tls-native', createNative],
] as const;
const urlOf = (name: string): URL => pathToFileURL(`${bench.folder}/${name}`);
const jwk = (): object => createPrivateKey(leaf.privateKeyPem).export({ format: 'jwk' });

type Given = NonNullable<Extract<ServerTls, { readonly identity?: unknown }>['identity']>;

const inputs: readonly (readonly [string, () => Given])[] = [
  ['a PKCS#12 file', () => ({ pfx: bench.read('leaf.p12'), passphrase: 'a' })],
  ['a PKCS#12 file by its URL', () => ({ pfx: urlOf('leaf.p12'), passphrase: () => Promise.resolve('a') })],
  [
    'Base64 of a PKCS#12 file',
    () => ({ pfx: Buffer.from(bench.read('leaf.p12')).toString('base64'), passphrase: 'a' }),
  ],
  [
    'an encrypted key',
    () => ({ privateKey: bench.text('encrypted.key'), certificateChain: leaf.chainPem, passphrase: 'a' }),
  ],
  ['a KeyObject', () => ({ privateKey: createPrivateKey(leaf.privateKeyPem), certificateChain: leaf.chainPem })],
  ['a JWK', () => ({ privateKey: jwk() as { kty: string }, certificateChain: leaf.chainPem })],
  ['the text of a JWK', () => ({ privateKey: JSON.stringify(jwk()), certificateChain: leaf.chainPem })],
  ['files by their URLs', () => ({ privateKey: urlOf('leaf.key'), certificateChain: urlOf('leaf.chain') })],
  [
    'a list of files',
    () => ({ privateKey: urlOf('leaf.key'), certificateChain: [urlOf('leaf.crt'), urlOf('leaf.ca')] }),
  ],
  [
    'an encrypted key by its URL',
    () => ({ privateKey: urlOf('encrypted.key'), certificateChain: urlOf('leaf.chain'), passphrase: 'a' }),
  ],
  ['one file with key and chain', () => ({ privateKey: urlOf('all.pem') })],
  ['one text with key and chain', () => ({ privateKey: leaf.privateKeyPem + leaf.chainPem })],
  ['bytes of PEM', () => ({ privateKey: bench.read('leaf.key'), certificateChain: bench.read('leaf.chain') })],
  [
    'a chain of mixed forms',
    () => ({ privateKey: bench.read('leaf.key'), certificateChain: [leaf.certificatePem, ...leaf.chainDer.slice(1)] }),
  ],
  [
    'a list of two',
    () => [
      { pfx: urlOf('leaf.p12'), passphrase: 'a' },
      { privateKey: leaf.privateKeyPem, certificateChain: leaf.chainPem },
    ],
  ],
];

async function listening(server: TlsServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function visit(port: number, tls: object = {}): Promise<string> {
  const trusting = { backend: createPure(), trust: root.certificatePem, ...tls };
  return text(await connect({ host: '127.0.0.1', port, serverName: 'localhost', tls: trusting }));
}

describe.each(backends)('%s takes as an identity', (_name, createBackend) => {
  test.each(inputs)('%s', async (_input, make) => {
    const tls = { backend: createBackend(), identity: make() };
    await using server = await createServer({ tls }, (socket) => socket.end('served'));
    expect(await visit(await listening(server))).toBe('served');
  });

  test('a CryptoKey that never leaves WebCrypto', async () => {
    const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
    const { subtle } = globalThis.crypto;
    const privateKey = await subtle.importKey('pkcs8', leaf.privateKeyDer.slice(), parameters, false, ['sign']);
    const tls = { backend: createBackend(), identity: { privateKey, certificateChain: urlOf('leaf.chain') } };
    await using server = await createServer({ tls }, (socket) => socket.end('served'));
    expect(await visit(await listening(server))).toBe('served');
  });

  test('a signer with its chain in a file', async () => {
    const signer = {
      signatureSchemes: ['ecdsa_secp256r1_sha256'],
      sign: (_scheme: string, input: Uint8Array) => sign('sha256', input, leaf.privateKeyPem),
    };
    const tls = { backend: createBackend(), identity: { signer, certificateChain: urlOf('leaf.chain') } };
    await using server = await createServer({ tls }, (socket) => socket.end('served'));
    expect(await visit(await listening(server))).toBe('served');
  });

  test('what a client shows to a server, and what a server changes to', async () => {
    const backend = createBackend();
    const identity = { pfx: urlOf('leaf.p12'), passphrase: 'a' };
    const clientTrust = root.certificatePem;
    await using server = await createServer(
      { tls: { backend, identity, clientAuthentication: 'require', clientTrust } },
      (socket) => socket.end(`served ${socket.info?.peer?.chain.length}`),
    );
    await server.setContext({ backend, identity, clientAuthentication: 'require', clientTrust });
    expect(await visit(await listening(server), { backend, identity })).toBe('served 2');
  });

  test('what an HTTPS server has', async () => {
    const identity = { pfx: urlOf('leaf.p12'), passphrase: 'a' };
    await using server = await createHttpsServer(
      { tls: { backend: createBackend(), identity } },
      (_request, response) => {
        response.end('served');
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const tls = { backend: createPure(), trust: root.certificatePem, alpnProtocols: ['http/1.1'] };
    const socket = await connect({ host: '127.0.0.1', port, serverName: 'localhost', tls });
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toContain('served');
  });

  test.each<[string, () => object]>([
    ['pfx', () => ({ pfx: bench.read('leaf.p12'), passphrase: 'a' })],
    ['passphrase', () => ({ privateKey: leaf.privateKeyPem, certificateChain: leaf.chainPem, passphrase: 'a' })],
    ['privateKey', () => ({ privateKey: createPrivateKey(leaf.privateKeyPem), certificateChain: leaf.chainPem })],
    ['privateKey', () => ({ privateKey: urlOf('leaf.key'), certificateChain: leaf.chainPem })],
    ['certificateChain', () => ({ privateKey: leaf.privateKeyPem, certificateChain: urlOf('leaf.chain') })],
  ])('nothing that it would have to wait for: %s is refused with the way', (option, make) => {
    const identity = make() as NonNullable<ServerConfig['identity']>;
    const backend = createBackend();
    for (const create of [
      () => backend.createServerContext({ identity }),
      () => backend.createClientContext({ identity }),
    ]) {
      expect(create).toThrow(TypeError);
      expect(create).toThrow(new RegExp(`identity\\.${option}: .*serverContext.*readIdentity`, 'u'));
    }
  });
});

test('a raw public key may have a key of any form', async () => {
  const rawPublicKey = createPublicKey(leaf.privateKeyPem).export({ format: 'der', type: 'spki' });
  const identity = { rawPublicKey, privateKey: urlOf('encrypted.key'), passphrase: 'a' };
  const context = await serverContext({ backend: createPure(), identity });
  expect(context.role).toBe('server');
});

test('what else an identity carries is kept', async () => {
  const identity = { pfx: urlOf('leaf.p12'), passphrase: 'a', signatureSchemes: ['ed25519'] };
  await expect(serverContext({ backend: createPure(), identity })).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
  await expect(
    serverContext({ backend: createPure(), identity: { ...identity, signatureSchemes: ['nothing'] } }),
  ).rejects.toMatchObject({ code: 'ERR_TLS_UNSUPPORTED' });
});

test('an identity is read once, whatever its form is', async () => {
  const reads: string[] = [];
  const watched = (identity: object): never =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        Object.entries(identity).map(([name, value]) => [
          name,
          {
            enumerable: true,
            get: (): unknown => {
              reads.push(name);
              return value;
            },
          },
        ]),
      ),
    ) as never;
  const backend = createPure();
  await serverContext({ backend, identity: watched({ pfx: bench.read('leaf.p12'), passphrase: 'a' }) });
  await serverContext({
    backend,
    identity: [watched({ privateKey: leaf.privateKeyPem, certificateChain: leaf.chainPem })],
  });
  expect(reads.toSorted()).toEqual(['certificateChain', 'passphrase', 'pfx', 'privateKey']);
});

describe('an identity that cannot be read', () => {
  test.each<[string, () => object, string]>([
    ['another passphrase', () => ({ pfx: urlOf('leaf.p12'), passphrase: 'b' }), 'ERR_TLS_IDENTITY'],
    ['too much work', () => ({ pfx: urlOf('leaf.p12'), passphrase: 'a', maxIterations: 100 }), 'ERR_TLS_IDENTITY'],
    ['no such name', () => ({ pfx: urlOf('leaf.p12'), passphrase: 'a', friendlyName: 'b' }), 'ERR_TLS_IDENTITY'],
    ['a file that is not there', () => ({ pfx: urlOf('missing.p12') }), 'ERR_TLS_IDENTITY'],
    ['a folder', () => ({ privateKey: urlOf(''), certificateChain: leaf.chainPem }), 'ERR_TLS_IDENTITY'],
    ['a key without a certificate', () => ({ privateKey: leaf.privateKeyPem }), 'ERR_TLS_IDENTITY'],
    ['PKCS#12 and a key', () => ({ pfx: urlOf('leaf.p12'), privateKey: leaf.privateKeyPem }), 'ERR_TLS_CONFIG'],
    [
      'a key and a signer',
      () => ({ privateKey: jwk(), signer: {}, certificateChain: leaf.chainPem }),
      'ERR_TLS_CONFIG',
    ],
    ['a name without PKCS#12', () => ({ privateKey: leaf.privateKeyPem, friendlyName: 'b' }), 'ERR_TLS_CONFIG'],
    ['nothing but a passphrase', () => ({ passphrase: 'a' }), 'ERR_TLS_CONFIG'],
  ])('%s', async (_name, make, code) => {
    for (const contextOf of [serverContext, clientContext]) {
      const error: unknown = await contextOf({ backend: createPure(), identity: make() as never }).catch(
        (reason: unknown) => reason,
      );
      expect(isTlsError(error) && error.code).toBe(code);
    }
  });

  test.each<[string, () => object]>([
    ['an unknown option', () => ({ pfx: urlOf('leaf.p12'), password: 'a' })],
    ['a URL of the web', () => ({ pfx: new URL('https://localhost/leaf.p12') })],
  ])('%s is a TypeError', async (_name, make) => {
    await expect(serverContext({ backend: createPure(), identity: make() as never })).rejects.toThrow(TypeError);
  });

  test('is told by the hook that gives it', async () => {
    const selectIdentity = (): never => ({ pfx: bench.read('leaf.p12'), passphrase: 'a' }) as never;
    await using server = await createServer({ tls: { backend: createPure(), selectIdentity } });
    const failed = once(server, 'tlsClientError');
    await expect(visit(await listening(server))).rejects.toMatchObject({ code: 'ERR_TLS_ALERT' });
    const [error] = (await failed) as [{ readonly code: string; readonly cause?: unknown }];
    expect(error.code).toBe('ERR_TLS_HOOK');
    expect(String(error.cause)).toContain('readIdentity');
  });
});

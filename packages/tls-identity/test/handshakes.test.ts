import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect, createServer } from '@org/tls-core/node';
import type { Identity, TlsBackend } from '@org/tls-core';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { createRoot, type KeyAlgorithm, type TestCertificate } from '@org/pki';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIdentity, readPrivateKey } from '../src/index.ts';
import { Workbench } from './support/tools.ts';

const bench = new Workbench();
let root: TestCertificate;
let ec: TestCertificate;
let rsa: TestCertificate;

beforeAll(async () => {
  root = await createRoot();
  const intermediate = await root.issue({ isCa: true });
  ec = await intermediate.issue({ names: ['localhost'] });
  rsa = await intermediate.issue({ names: ['localhost'], algorithm: 'rsa-2048' });
  bench.put('ec', ec);
  bench.put('rsa', rsa);
});
afterAll(() => bench[Symbol.dispose]());

const sources: readonly [string, () => Promise<Identity>][] = [
  ['PKCS#12', () => readIdentity({ pfx: exported('ec'), passphrase: 'a' })],
  ['PKCS#12 of the past', () => readIdentity({ pfx: exported('rsa', '-legacy'), passphrase: 'a' })],
  ['encrypted PEM', () => readIdentity({ ...chainAnd('rsa', encryptedKey('rsa')), passphrase: 'a' })],
  ['a JWK', () => readIdentity(chainAnd('ec', createPrivateKey(ec.privateKeyPem).export({ format: 'jwk' }) as never))],
  ['a KeyObject', () => readIdentity(chainAnd('rsa', createPrivateKey(rsa.privateKeyPem)))],
];

function exported(name: string, ...options: readonly string[]): Uint8Array {
  const files = ['-inkey', `${name}.key`, '-in', `${name}.crt`, '-certfile', `${name}.ca`];
  return bench.openssl('pkcs12', '-export', ...files, '-passout', 'pass:a', ...options);
}
function encryptedKey(name: string): Uint8Array {
  return bench.openssl('pkcs8', '-topk8', '-in', `${name}.key`, '-passout', 'pass:a');
}
function chainAnd<Key>(name: string, privateKey: Key): { readonly privateKey: Key; readonly certificateChain: string } {
  return { certificateChain: bench.text(`${name}.chain`), privateKey };
}

/** What a client gets from a server with the identity; it trusts the root only. */
async function serve(backend: TlsBackend, identity: Identity): Promise<string> {
  const server = await createServer({ tls: { backend, identity } }, (socket) => socket.end('served'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const tls = { backend: createPure(), trust: root.certificatePem };
    const socket = await connect({ host: '127.0.0.1', port, serverName: 'localhost', tls });
    return await text(socket);
  } finally {
    server.close();
  }
}

describe.each([
  ['tls-pure', createPure],
  ['tls-native', createNative],
] as const)('%s proves itself with', (_name, createBackend) => {
  test.each(sources)('%s', async (_source, read) => {
    expect(await serve(createBackend(), await read())).toBe('served');
  });
});

test.each<[string, KeyAlgorithm, object]>([
  ['ECDSA', 'ecdsa-p256', { name: 'ECDSA', namedCurve: 'P-256' }],
  ['RSA-PSS', 'rsa-2048', { name: 'RSA-PSS', hash: 'SHA-256' }],
])(
  'tls-pure proves itself with a CryptoKey for %s that never leaves WebCrypto',
  async (_name, algorithm, parameters) => {
    const { chainPem, privateKeyDer } = algorithm === 'rsa-2048' ? rsa : ec;
    const { subtle } = globalThis.crypto;
    const key = await subtle.importKey('pkcs8', privateKeyDer.slice(), parameters as { name: string }, false, ['sign']);
    const identity = await readIdentity({ certificateChain: chainPem, privateKey: key });
    expect(await serve(createPure(), identity)).toBe('served');
  },
);

test('a raw public key has its private key opened alike (RFC 7250)', async () => {
  const rawPublicKey = new X509Certificate(rsa.certificatePem).publicKey.export({ format: 'der', type: 'spki' });
  const opened = await readPrivateKey(encryptedKey('rsa'), 'a');
  const context = createPure().createServerContext({ identity: { rawPublicKey, ...opened } });
  expect(context.role).toBe('server');
});

import { createPrivateKey } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createRoot, keyAlgorithms, type TestCertificate } from '@org/pki';
import { createBackend, nativeLibrary } from '../src/index.ts';

const backend = createBackend();
let root: TestCertificate;
beforeAll(async () => {
  root = await createRoot();
});

it.each(keyAlgorithms)('a key of %s is taken as PKCS#8, PEM and DER', async (algorithm) => {
  const { chainPem, chainDer, privateKeyPem, privateKeyDer } = await root.issue({ algorithm });
  expect(
    backend.createServerContext({ identity: { certificateChain: chainPem, privateKey: privateKeyPem } }).role,
  ).toBe('server');
  expect(
    backend.createServerContext({ identity: { certificateChain: chainDer, privateKey: privateKeyDer } }).role,
  ).toBe('server');
});

it.each([
  ['ecdsa-p256', 'sec1', 'EC PRIVATE KEY'],
  ['rsa-2048', 'pkcs1', 'RSA PRIVATE KEY'],
] as const)('a key of %s is taken as %s', async (algorithm, type, label) => {
  const { chainPem, privateKeyPem } = await root.issue({ algorithm });
  const key = createPrivateKey(privateKeyPem);
  const pem = key.export({ type, format: 'pem' } as { type: 'pkcs1'; format: 'pem' });
  expect(pem).toContain(label);
  expect(backend.createServerContext({ identity: { certificateChain: chainPem, privateKey: pem } }).role).toBe(
    'server',
  );
});

it.each([['is encrypted', { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }]] as const)(
  'a key that %s is refused',
  async (_what, options) => {
    const { chainPem, privateKeyPem } = await root.issue({});
    const privateKey = createPrivateKey(privateKeyPem).export(options).toString();
    expect(() => backend.createServerContext({ identity: { certificateChain: chainPem, privateKey } })).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_IDENTITY' }),
    );
  },
);

it.each([
  ['bytes behind a certificate', (der: Uint8Array) => Uint8Array.of(...der, 0)],
  ['half a certificate', (der: Uint8Array) => der.subarray(0, der.length / 2)],
])('%s are refused', async (_what, spoil) => {
  const { certificateDer, privateKeyDer } = await root.issue({});
  const identity = { certificateChain: [spoil(certificateDer)], privateKey: privateKeyDer };
  expect(() => backend.createServerContext({ identity })).toThrow(
    expect.objectContaining({ code: 'ERR_TLS_IDENTITY' }),
  );
});

it('cipher suites and versions that exclude each other are refused', () => {
  expect(() =>
    backend.createClientContext({ cipherSuites: ['TLS_AES_128_GCM_SHA256'], maxVersion: 'TLSv1.2' }),
  ).toThrow(expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'cipherSuites' }));
});

it('the default and the system’s roots are taken', () => {
  expect(backend.createClientContext({ trust: 'default' }).role).toBe('client');
  expect(backend.createClientContext({ trust: 'system' }).role).toBe('client');
  expect(backend.createClientContext({ trust: ['system', root.certificatePem] }).role).toBe('client');
});

it.each([
  ['no certificate', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
  ['a broken block', '-----BEGIN CERTIFICATE-----\nA*AA\n-----END CERTIFICATE-----'],
  ['a block that is not closed', '-----BEGIN CERTIFICATE-----\nAAAA\n'],
  ['DER that is no certificate', Uint8Array.of(0x30, 0)],
])('trust in %s is refused', (_what, trust) => {
  expect(() => backend.createClientContext({ trust })).toThrow(
    expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'trust' }),
  );
});

it('a library that cannot be used is refused with what was tried', () => {
  expect(() => createBackend({ libraryPath: '/nowhere/libssl.so.3' })).toThrow(
    expect.objectContaining({
      code: 'ERR_TLS_BACKEND_UNAVAILABLE',
      message: expect.stringContaining('/nowhere/libssl.so.3'),
    }),
  );
  expect(nativeLibrary().version).toMatch(/^OpenSSL 3\./);
});

it('an unknown option is a TypeError', () => {
  expect(() => createBackend({ provider: 'openssl' } as never)).toThrow(TypeError);
});

import { describe, expect, it } from 'vitest';
import type { BackendCapabilities, ClientConfig, ServerConfig } from '../src/index.ts';
import { checkClientConfig, checkServerConfig, clientOptions, serverOptions } from '../src/backend/index.ts';

const features = {
  keyUpdate: true,
  exporter: true,
  resumption: true,
  earlyData: true,
  clientAuthentication: true,
  asyncHooks: true,
  keyLog: true,
  ocspStapling: true,
  signedCertificateTimestamps: true,
  certificateCompression: true,
  rawPublicKeys: true,
  recordSizeLimit: true,
  externalPsk: true,
  pskImporter: true,
  ticketRequest: true,
  ech: true,
};
const lists = {
  protocols: ['TLSv1.3'] as const,
  cipherSuites: ['A', 'B'],
  groups: ['x25519'],
  signatureSchemes: ['ed25519'],
  features,
};
const able: BackendCapabilities = {
  client: { ...lists, options: clientOptions },
  server: { ...lists, options: serverOptions },
};
const backend = { name: 'test', capabilities: able };
const identity = { certificateChain: '-----BEGIN CERTIFICATE-----', privateKey: '-----BEGIN PRIVATE KEY-----' };
const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';

const wrongTypes: readonly Record<string, unknown>[] = [
  { alpnProtocols: 'h2' },
  { alpnProtocols: [7] },
  { cipherSuites: [7] },
  { clock: 0 },
  { random: 'yes' },
  { keyLog: 'yes' },
  { verifyPeer: {} },
  { trust: 7 },
  { trust: [7] },
  { trust: {} },
  { trust: [{ subject: new Uint8Array(2) }] },
  { trust: { subject: 'CN=root', subjectPublicKeyInfo: new Uint8Array(2) } },
  { trust: { subject: new Uint8Array(2), subjectPublicKeyInfo: pem } },
  { trust: { subject: new Uint8Array(2), subjectPublicKeyInfo: new Uint8Array(2), nameConstraints: [] } },
  { trust: { subject: new Uint8Array(2), subjectPublicKeyInfo: new Uint8Array(2), keyIdentifier: new Uint8Array(2) } },
  { identity: 'pem' },
  { identity: { certificateChain: 7, privateKey: 'x' } },
  { identity: { ...identity, passphrase: 'secret' } },
  { identity: { certificateChain: pem, signer: { sign: 'no' } } },
  { sessionStore: { put: () => undefined } },
  { certificateProfile: 7 },
  { certificatePolicies: '1.2.3' },
  { certificatePolicies: [7] },
  { isPublicSuffix: ['com'] },
  { provenChains: false },
  { revocation: [] },
  { revocation: { crls: 'pem' } },
  { revocation: { crls: [7] } },
  { revocation: { crls: [pem], fetch: true } },
  { revocation: { crls: [pem], depth: 1 } },
  { revocation: {} },
  { revocation: { lists: [] } },
  { revocation: { lists: () => ({ crls: [], digest: '1' }) } },
  { pins: 'ab' },
  { pins: ['ab'] },
  { pins: [{}] },
  { pins: [{ sha256: 'ab' }] },
  { pins: [{ publicKeySha256: 7 }] },
  { pins: [{ publicKeySha256: new Uint8Array(32), certificateSha256: new Uint8Array(32) }] },
  { dangerous: true },
  { dangerous: { acceptAnyCertificate: 'yes' } },
  { dangerous: { acceptAll: true } },
  { unheardOf: 1 },
];

const wrongValues: readonly (readonly [string, Record<string, unknown>])[] = [
  ['minVersion', { minVersion: 'TLSv1.1' }],
  ['minVersion', { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }],
  ['groups', { groups: [] }],
  ['cipherSuites', { cipherSuites: ['A', 'A'] }],
  ['alpnProtocols', { alpnProtocols: [''] }],
  ['alpnProtocols', { alpnProtocols: Array.from({ length: 33 }, () => 'x'.repeat(255)) }],
  ['certificateProfile', { certificateProfile: 'strict' }],
  ['certificatePolicies', { certificatePolicies: [] }],
  ['certificatePolicies', { certificatePolicies: ['1.02.3'] }],
  ['certificatePolicies', { certificatePolicies: ['1.2.3', '1.2.3'] }],
  ['provenChains', { provenChains: -1 }],
  ['provenChains', { provenChains: 65_537 }],
  ['revocation.crls', { revocation: { crls: [] } }],
  ['revocation', { revocation: { crls: [pem], lists: { current: { crls: [pem], digest: '1' } } } }],
  ['revocation.depth', { revocation: { crls: [pem], depth: 'root' } }],
  ['revocation.unknownStatus', { revocation: { crls: [pem], unknownStatus: 'warn' } }],
  ['pins', { pins: [] }],
  ['pins', { pins: [{ publicKeySha256: 'ab' }] }],
  ['pins', { pins: [{ certificateSha256: new Uint8Array(20) }] }],
  ['trust', { trust: [] }],
  ['trust', { trust: 'a file' }],
  ['trust', { trust: holdsItself() }],
  ['identity', { identity: { certificateChain: pem } }],
  ['identity', { identity: { ...identity, signer: { signatureSchemes: [], sign: () => undefined } } }],
];

function holdsItself(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

describe('checkClientConfig', () => {
  it.each([
    {},
    { trust: 'system' },
    { certificateProfile: 'webpki', isPublicSuffix: () => false },
    { revocation: { crls: [pem, new Uint8Array(3)], depth: 'leaf', unknownStatus: 'accept' } },
    { revocation: { lists: { current: { crls: [], digest: '1' } }, depth: 'leaf' } },
    { pins: [{ publicKeySha256: new Uint8Array(32) }, { certificateSha256: 'ab'.repeat(32) }] },
    { trust: ['mozilla', { subject: new Uint8Array(2), subjectPublicKeyInfo: new Uint8Array(2) }] },
    {
      trust: {
        subject: new Uint8Array(2),
        subjectPublicKeyInfo: new Uint8Array(2),
        nameConstraints: new Uint8Array(2),
      },
    },
    { trust: { subject: new Uint8Array(2), subjectPublicKeyInfo: new Uint8Array(2), nameConstraints: undefined } },
    { trust: ['default', pem, new Uint8Array(3)] },
    { cipherSuites: ['B', 'A'] },
    { identity },
    { minVersion: undefined, dangerous: undefined },
    { sessionStore: { put: () => undefined, take: () => undefined } },
  ] satisfies unknown[])('accepts %o', (config) => {
    expect(() => checkClientConfig(config as ClientConfig, backend)).not.toThrow();
  });

  it.each(wrongTypes)('refuses %o with a TypeError', (config) => {
    expect(() => checkClientConfig(config as ClientConfig, backend)).toThrow(TypeError);
  });

  it.each(wrongValues)('refuses a wrong value of %s with ERR_TLS_CONFIG, by name', (option, config) => {
    expect(() => checkClientConfig(config as ClientConfig, backend)).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_CONFIG', option }),
    );
  });

  it.each([
    ['cipherSuites', { cipherSuites: ['C'] }],
    ['groups', { groups: ['x448'] }],
    ['maxVersion', { maxVersion: 'TLSv1.2' }],
  ] as const)('refuses what the backend has not: %s with ERR_TLS_UNSUPPORTED', (option, config) => {
    expect(() => checkClientConfig(config as ClientConfig, backend)).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option }),
    );
  });

  it('refuses an option that the backend does not claim', () => {
    const unable = { name: 'test', capabilities: { ...able, client: { ...able.client, options: [] } } };
    expect(() => checkClientConfig({ keyLog: true }, unable)).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'keyLog' }),
    );
  });

  it('says what would support an option that the backend lacks', () => {
    const none = { client: { ...able.client, options: [] }, server: { ...able.server, options: [] } };
    const remedies = { keyLog: 'tls-loud may' };
    expect(() => checkClientConfig({ keyLog: true }, { name: 'test', capabilities: none, remedies })).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', message: expect.stringContaining('tls-loud') as string }),
    );
  });

  it.each([undefined, null, 'pure'])('refuses %s in place of a configuration', (config) => {
    expect(() => checkClientConfig(config as unknown as ClientConfig, backend)).toThrow(TypeError);
  });
});

describe('checkServerConfig', () => {
  it.each([
    { identity },
    { identity: [identity, identity] },
    { selectIdentity: () => undefined },
    { identity, clientAuthentication: 'require', clientTrust: pem },
  ] as const)('accepts %o', (config) => {
    expect(() => checkServerConfig(config, backend)).not.toThrow();
  });

  it.each([
    ['identity', {}],
    ['identity', { identity: [] }],
    ['clientTrust', { identity, clientAuthentication: 'require' }],
    ['clientAuthentication', { identity, clientAuthentication: 'maybe' }],
  ])('refuses a wrong %s with ERR_TLS_CONFIG', (option, config) => {
    expect(() => checkServerConfig(config as ServerConfig, backend)).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_CONFIG', option }),
    );
  });

  it('refuses a client’s option', () => {
    expect(() => checkServerConfig({ identity, trust: pem } as ServerConfig, backend)).toThrow(TypeError);
  });
});

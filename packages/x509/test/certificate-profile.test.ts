import { certificateProfiles } from '@org/tls-core';
import { createRoot, type IssueOptions, type TestCertificate } from '@org/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain, type VerifyChainOptions } from '../src/verifier.ts';
import { thrown } from '@org/pki';

let root: TestCertificate;

beforeAll(async () => {
  root = await createRoot({ commonName: 'root' });
});

function verify(leaf: TestCertificate, given: Partial<VerifyChainOptions>, anchor = root): unknown {
  return verifyChain({
    chain: leaf.chainDer,
    anchors: anchorsFrom(anchor.certificateDer),
    purpose: 'server',
    serverName: 'www.example.com',
    time: Date.now(),
    crypto: nodeCrypto,
    ...given,
  });
}

const bad = { code: 'ERR_TLS_CERTIFICATE_BAD' };

describe('a sound certificate', () => {
  test.each(certificateProfiles)('is accepted by the profile %s', async (profile) => {
    const intermediate = await root.issue({ isCa: true });
    const leaf = await intermediate.issue({ names: ['www.example.com', '::1'] });
    expect(verify(leaf, { profile })).toMatchObject({ path: expect.any(Array) as unknown[] });
    expect(verify(leaf, { profile, serverName: '::1' })).toMatchObject({ path: expect.any(Array) as unknown[] });
  });
});

describe('the profile webpki refuses what the others accept:', () => {
  const names = ['www.example.com'];
  // id-kp-serverAuth alone
  const serverAuth = Uint8Array.of(0x30, 0x0a, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1);
  const refused: readonly (readonly [rule: string, options: IssueOptions])[] = [
    ['BR §7.1.2.7.6 no extKeyUsage', { names, extendedKeyUsage: [] }],
    ['BR §7.1.2.7.10 any purpose', { names, extendedKeyUsage: ['serverAuth', 'anyExtendedKeyUsage'] }],
    [
      'BR §7.1.2.7.6 a critical extKeyUsage',
      { names, extendedKeyUsage: [], extensions: [{ oid: '2.5.29.37', critical: true, value: serverAuth }] },
    ],
    ['BR §7.1.4.3 a common name that is none of the names', { names, commonName: 'example.org' }],
    ['BR §7.1.4.3 a common name in other letters', { names, commonName: 'WWW.example.com' }],
    ['BR §3.2.2.6 a wildcard for a public suffix', { names: ['*.example.com'] }],
  ];

  test.each(refused)('%s', async (_rule, options) => {
    const leaf = await root.issue(options);
    const isPublicSuffix = (domain: string): boolean => domain === 'example.com';
    for (const profile of ['compatible', 'rfc5280'] as const)
      expect(verify(leaf, { profile, isPublicSuffix })).toMatchObject({ path: expect.any(Array) as unknown[] });
    expect(thrown(() => verify(leaf, { profile: 'webpki', isPublicSuffix }))).toMatchObject(bad);
  });

  test('BR §7.1.2.1.2 a root with extKeyUsage', async () => {
    const limited = await createRoot({ extendedKeyUsage: ['serverAuth'] });
    const leaf = await limited.issue({ names });
    expect(verify(leaf, { profile: 'rfc5280' }, limited)).toMatchObject({ path: expect.any(Array) as unknown[] });
    expect(thrown(() => verify(leaf, { profile: 'webpki' }, limited))).toMatchObject(bad);
  });

  test('but takes a wildcard where nobody says what a public suffix is', async () => {
    const leaf = await root.issue({ names: ['*.example.com'] });
    expect(verify(leaf, { profile: 'webpki' })).toMatchObject({ path: expect.any(Array) as unknown[] });
  });
});

describe('a leaf that is trusted itself', () => {
  test('is judged by no rule of a profile but those on what every certificate has', async () => {
    const device = await createRoot({ isCa: false, names: ['www.example.com'], commonName: 'device' });
    expect(verify(device, { profile: 'webpki', chain: [device.certificateDer] }, device)).toMatchObject({
      path: expect.any(Array) as unknown[],
    });
  });
});

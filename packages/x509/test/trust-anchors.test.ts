import { createRoot, thrown, toPem, type TestCertificate } from '@org/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCertificate } from '../src/certificate.ts';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';

let one: TestCertificate;
let two: TestCertificate;

beforeAll(async () => {
  one = await createRoot({ commonName: 'one' });
  two = await createRoot({ commonName: 'two' });
});

describe('trust anchors', () => {
  test('come from PEM, DER and lists of both, each certificate once', () => {
    const anchors = anchorsFrom([one.certificatePem + two.certificatePem, [one.certificateDer, two.certificateDer]]);
    expect(anchors.count).toBe(2);
    const { subject } = parseCertificate(one.certificateDer);
    expect(anchors.findBySubject(subject.der).map(({ der }) => der)).toEqual([one.certificateDer]);
    expect(anchors.findBySubject(Uint8Array.of(0x30, 0))).toEqual([]);
  });

  test('come from a bundle without the certificates that cannot be used, which are reported', async () => {
    const odd = new Uint8Array(two.certificateDer);
    odd[4] = 0x31; // TBSCertificate is no longer a SEQUENCE
    const anchors = anchorsFrom(one.certificatePem + toPem('CERTIFICATE', odd));
    expect(anchors.count).toBe(1);
    expect(anchors.leftOut).toMatchObject([{ der: odd, reason: { code: 'ERR_TLS_CONFIG', option: 'trust' } }]);
    const leaf = await two.issue({ names: ['example.com'] });
    const chain = leaf.chainDer;
    const error = thrown(() =>
      verifyChain({ chain, anchors, purpose: 'server', serverName: 'example.com', time: Date.now() }),
    );
    expect(error.code).toBe('ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER');
    expect(error.message).toContain('1 of the certificates in `trust` cannot be used');
    expect(thrown(() => anchorsFrom(toPem('CERTIFICATE', odd))).code).toBe('ERR_TLS_CONFIG');
  });

  test.each([
    ['Uint8Array', (bytes: Uint8Array) => Uint8Array.from(bytes)],
    // its slice() copies nothing
    ['Buffer', (bytes: Uint8Array) => Buffer.from(bytes)],
  ])('do not change when the caller’s %s does', (_type, copy) => {
    const der = copy(one.certificateDer);
    const anchors = anchorsFrom(der);
    const { subject } = parseCertificate(one.certificateDer);
    der.fill(0);
    expect(anchors.findBySubject(subject.der)).toHaveLength(1);
  });

  test.each([
    ['an empty list', []],
    ['text that is no PEM', 'windows'],
    ['the name of an object’s property', 'toString'],
    ['lists in lists without any', [[], [[]]]],
    ['PEM without a certificate', '-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n'],
    ['PEM with a broken certificate', '-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n'],
    ['DER that is no certificate', Uint8Array.of(0x30, 0)],
  ])('are refused from %s', (_name, trust) => {
    expect(thrown(() => anchorsFrom(trust))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'trust' });
  });

  test('of the same subject are all found, each once', async () => {
    const renewed = await createRoot({ commonName: 'one' });
    const anchors = anchorsFrom([one.certificateDer, renewed.certificateDer, renewed.certificatePem]);
    expect(anchors.count).toBe(2);
    const { subject } = parseCertificate(one.certificateDer);
    expect(anchors.findBySubject(subject.der).map(({ der }) => der)).toEqual([
      one.certificateDer,
      renewed.certificateDer,
    ]);
  });
});

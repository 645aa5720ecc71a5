import { createRoot, type TestCertificate } from '@org/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCertificate } from '../src/certificate.ts';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { thrown } from '@org/pki';

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

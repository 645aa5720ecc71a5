import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { createRoot, type TestCertificate } from '@org/pki';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseCertificate } from '../../src/x509/certificate.ts';
import { decodePem } from '../../src/x509/pem.ts';
import type * as trustAnchors from '../../src/x509/trust-anchors.ts';
import * as unavailable from '../../src/x509/system-roots-unavailable.ts';
import { thrown } from './support/thrown.ts';

let one: TestCertificate;
let two: TestCertificate;
let folder: string;

beforeAll(async () => {
  one = await createRoot({ commonName: 'one' });
  two = await createRoot({ commonName: 'two' });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
  vi.resetModules(); // platform stores are read once per process
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function fresh(): Promise<typeof trustAnchors> {
  return import('../../src/x509/trust-anchors.ts');
}

describe('trust anchors', () => {
  test('come from PEM, DER and lists of both, each certificate once', async () => {
    const { anchorsFrom } = await fresh();
    const anchors = anchorsFrom([one.certificatePem + two.certificatePem, [one.certificateDer, two.certificateDer]]);
    expect(anchors.count).toBe(2);
    const { subject } = parseCertificate(one.certificateDer);
    expect(anchors.findBySubject(subject.der).map(({ der }) => der)).toEqual([one.certificateDer]);
    expect(anchors.findBySubject(Uint8Array.of(0x30, 0))).toEqual([]);
  });

  test('do not change when the caller’s bytes do', async () => {
    const { anchorsFrom } = await fresh();
    const der = one.certificateDer.slice();
    const anchors = anchorsFrom(der);
    const { subject } = parseCertificate(one.certificateDer);
    der.fill(0);
    expect(anchors.findBySubject(subject.der)).toHaveLength(1);
  });

  test.each([
    ['an empty list', []],
    ['text that is no PEM', 'mozilla'],
    ['PEM without a certificate', '-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n'],
    ['PEM with a broken certificate', '-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n'],
    ['DER that is no certificate', Uint8Array.of(0x30, 0)],
  ])('are refused from %s', async (_name, trust) => {
    const { anchorsFrom } = await fresh();
    expect(thrown(() => anchorsFrom(trust))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'trust' });
  });
});

describe('the default store', () => {
  test('is Node’s, and every root in it can be read', async () => {
    const { anchorsFrom } = await fresh();
    const anchors = anchorsFrom('default');
    expect(anchors.count).toBeGreaterThan(50);
    for (const pem of rootCertificates) {
      const [block] = decodePem(pem, 'ERR_TLS_CONFIG');
      if (block === undefined) throw new Error('expected a certificate');
      const { subject } = parseCertificate(block.der);
      expect(anchors.findBySubject(subject.der).length).toBeGreaterThan(0);
    }
  });
});

describe('the system’s store', () => {
  test('is the file that SSL_CERT_FILE names', async () => {
    const file = join(folder, 'roots.pem');
    writeFileSync(file, one.certificatePem);
    vi.stubEnv('SSL_CERT_FILE', file);
    vi.stubEnv('SSL_CERT_DIR', '');
    const { anchorsFrom } = await fresh();
    expect(anchorsFrom('system').count).toBe(1);
  });

  test('is the union with the folders that SSL_CERT_DIR names, where what is no PEM does not matter', async () => {
    const file = join(folder, 'roots.pem');
    writeFileSync(file, one.certificatePem);
    writeFileSync(join(folder, '0a1b2c3d.0'), two.certificatePem);
    writeFileSync(join(folder, 'readme'), 'nothing');
    vi.stubEnv('SSL_CERT_FILE', file);
    vi.stubEnv('SSL_CERT_DIR', folder);
    const { anchorsFrom } = await fresh();
    expect(anchorsFrom('system').count).toBe(2);
    expect(anchorsFrom(['system', two.certificatePem]).count).toBe(2);
  });

  test('gives what can be read of it', async () => {
    const file = join(folder, 'roots.pem');
    writeFileSync(file, `-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n${one.certificatePem}`);
    vi.stubEnv('SSL_CERT_FILE', file);
    vi.stubEnv('SSL_CERT_DIR', '');
    const { anchorsFrom } = await fresh();
    expect(anchorsFrom('system').count).toBe(1);
  });

  test('that is empty is refused', async () => {
    const file = join(folder, 'roots.pem');
    writeFileSync(file, '');
    vi.stubEnv('SSL_CERT_FILE', file);
    vi.stubEnv('SSL_CERT_DIR', '');
    const { anchorsFrom } = await fresh();
    expect(thrown(() => anchorsFrom('system'))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'trust' });
  });

  test('that cannot be read is refused', async () => {
    vi.stubEnv('SSL_CERT_FILE', join(folder, 'absent.pem'));
    const { anchorsFrom } = await fresh();
    expect(thrown(() => anchorsFrom('system')).code).toBe('ERR_TLS_CONFIG');
  });

  test('is refused where the runtime has none', () => {
    expect(thrown(() => unavailable.readSystemRoots()).code).toBe('ERR_TLS_UNSUPPORTED');
    expect(thrown(() => unavailable.readDefaultRoots()).code).toBe('ERR_TLS_UNSUPPORTED');
  });
});

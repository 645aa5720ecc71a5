import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { createRoot, type TestCertificate } from '@org/pki';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseCertificate } from '../src/certificate.ts';
import { decodePem } from '@org/tls-core/backend';
import type * as trustAnchors from '../src/trust-anchors.ts';
import { thrown } from '@org/pki';

let one: TestCertificate;
let two: TestCertificate;
let folder: string;

beforeAll(async () => {
  one = await createRoot({ commonName: 'one' });
  two = await createRoot({ commonName: 'two' });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
  vi.stubEnv('SSL_CERT_FILE', '');
  vi.stubEnv('SSL_CERT_DIR', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Platform stores are read once per process: each test has its own copy of the modules. */
async function fresh(): Promise<typeof trustAnchors> {
  vi.resetModules();
  return import('../src/trust-anchors.ts');
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function derOf(pem: string): Uint8Array {
  const [block] = decodePem(pem, 'trust');
  if (block === undefined) throw new Error('expected a PEM block');
  return block.der;
}

describe('the store `mozilla`', () => {
  test('is the list that Node was built with, and every root in it can be read', async () => {
    const { anchorsFrom } = await fresh();
    const anchors = anchorsFrom('mozilla');
    expect(anchors.count).toBe(new Set(rootCertificates).size);
    for (const der of rootCertificates.map(derOf)) {
      const found = anchors.findBySubject(parseCertificate(der).subject.der);
      expect(found.map((certificate) => certificate.der)).toContainEqual(der);
    }
  });

  test('is united with other certificates, each once', async () => {
    const { anchorsFrom } = await fresh();
    const { count } = anchorsFrom('mozilla');
    const [bundled = ''] = rootCertificates;
    expect(anchorsFrom(['mozilla', derOf(bundled)]).count).toBe(count);
    expect(anchorsFrom(['mozilla', bundled, one.certificateDer]).count).toBe(count + 1);
    expect(anchorsFrom([[['mozilla'], one.certificatePem], 'mozilla', two.certificateDer]).count).toBe(count + 2);
  });
});

describe('the store `system`', () => {
  test('is the file that SSL_CERT_FILE names', async () => {
    vi.stubEnv('SSL_CERT_FILE', write('roots.pem', one.certificatePem + two.certificatePem));
    const { anchorsFrom } = await fresh();
    expect(anchorsFrom('system').count).toBe(2);
  });

  test('is what the folders of SSL_CERT_DIR hold, where what is no PEM does not matter', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    write('0a1b2c3d.0', one.certificatePem);
    write('readme', 'nothing');
    writeFileSync(join(other, 'two.crt'), two.certificatePem + one.certificatePem);
    vi.stubEnv('SSL_CERT_DIR', [folder, other].join(process.platform === 'win32' ? ';' : ':'));
    const { anchorsFrom } = await fresh();
    expect(anchorsFrom('system').count).toBe(2);
  });

  test('is the union of file and folder, and with other certificates', async () => {
    vi.stubEnv('SSL_CERT_FILE', write('roots.pem', one.certificatePem));
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, '0a1b2c3d.0'), two.certificatePem);
    vi.stubEnv('SSL_CERT_DIR', other);
    const { anchorsFrom } = await fresh();
    expect(anchorsFrom('system').count).toBe(2);
    expect(anchorsFrom(['system', two.certificatePem]).count).toBe(2);
    expect(anchorsFrom(['system', (await createRoot()).certificatePem]).count).toBe(3);
  });

  test('gives what can be read of it', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n';
    vi.stubEnv('SSL_CERT_FILE', write('roots.pem', broken + one.certificatePem));
    const { anchorsFrom } = await fresh();
    expect(anchorsFrom('system').count).toBe(1);
  });

  test.each([
    ['a file that is not there', undefined],
    ['an empty file', ''],
    ['a file of something else', 'PK\u0003\u0004 garbage'],
    ['a file with a broken block', '-----BEGIN CERTIFICATE-----\nAQID'],
    ['a file with a key', '-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n'],
  ])('is refused when SSL_CERT_FILE names %s', async (_name, text) => {
    const path = join(folder, 'roots.pem');
    if (text !== undefined) writeFileSync(path, text);
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'one.pem'), one.certificatePem);
    vi.stubEnv('SSL_CERT_FILE', path);
    vi.stubEnv('SSL_CERT_DIR', other);
    const { anchorsFrom } = await fresh();
    const error = thrown(() => anchorsFrom('system'));
    expect(error).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'trust' });
    // which file it was is what the reader needs
    expect(error.message).toContain(path);
    expect(error.message).toContain('SSL_CERT_FILE');
  });

  test.each([
    ['that is not there', (path: string) => join(path, 'absent')],
    ['without certificates', (path: string) => path],
  ])('is refused when SSL_CERT_DIR names a folder %s, and the system’s own is not taken for it', async (_name, of) => {
    write('readme', 'nothing');
    vi.stubEnv('SSL_CERT_DIR', of(folder));
    const { anchorsFrom } = await fresh();
    expect(thrown(() => anchorsFrom('system'))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'trust' });
  });
});

describe('a store', () => {
  test('is read when it is asked for, and once', async () => {
    const path = write('roots.pem', one.certificatePem);
    vi.stubEnv('SSL_CERT_FILE', path);
    const { anchorsFrom } = await fresh();
    expect(anchorsFrom([one.certificateDer, 'mozilla']).count).toBeGreaterThan(1);
    writeFileSync(path, one.certificatePem + two.certificatePem);
    const anchors = anchorsFrom('system');
    expect(anchors.count).toBe(2);
    rmSync(path);
    expect(anchorsFrom('system')).toBe(anchors);
    expect(anchorsFrom(['system', two.certificatePem]).count).toBe(2);
  });

  test('that could not be read is read again', async () => {
    vi.stubEnv('SSL_CERT_FILE', join(folder, 'roots.pem'));
    const { anchorsFrom } = await fresh();
    expect(thrown(() => anchorsFrom('system')).code).toBe('ERR_TLS_CONFIG');
    write('roots.pem', '');
    expect(thrown(() => anchorsFrom('system')).code).toBe('ERR_TLS_CONFIG');
    write('roots.pem', one.certificatePem);
    expect(anchorsFrom('system').count).toBe(1);
  });

  test('parses no certificate but those whose subject is asked for, each once', async () => {
    vi.resetModules();
    const parse = vi.fn<typeof parseCertificate>(parseCertificate);
    vi.doMock('../src/certificate.ts', () => ({ parseCertificate: parse }));
    try {
      const { anchorsFrom } = await import('../src/trust-anchors.ts');
      const anchors = anchorsFrom('mozilla');
      expect(anchors.count).toBeGreaterThan(50);
      expect(parse).not.toHaveBeenCalled();
      const { subject } = parseCertificate(derOf(rootCertificates[0] ?? ''));
      const [first] = anchors.findBySubject(subject.der);
      const united = anchorsFrom(['mozilla', 'mozilla']);
      expect(united.findBySubject(subject.der)[0]).toBe(first);
      expect(parse).toHaveBeenCalledTimes(united.findBySubject(subject.der).length);
    } finally {
      vi.doUnmock('../src/certificate.ts');
    }
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRoot, type TestCertificate } from '@org/pki';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type * as trustAnchors from '../src/trust-anchors.ts';
import { thrown } from '@org/pki';

let one: TestCertificate;
let two: TestCertificate;
let folder: string;
const { platform } = process;

beforeAll(async () => {
  one = await createRoot({ commonName: 'one' });
  two = await createRoot({ commonName: 'two' });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
  for (const name of ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS']) vi.stubEnv(name, '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  Object.defineProperty(process, 'platform', { value: platform });
  rmSync(folder, { recursive: true });
});

/** What of `node:tls` is looked at. */
interface NodeTls {
  readonly rootCertificates: readonly string[] | undefined;
  readonly getCACertificates: ((store: string) => readonly string[]) | undefined;
}

/** The module on a runtime with this `node:tls`. */
async function on(tls: NodeTls): Promise<typeof trustAnchors> {
  vi.resetModules();
  const { getBuiltinModule } = process;
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((id: string): object | undefined =>
    id === 'node:tls' ? tls : getBuiltinModule(id),
  );
  return import('../src/trust-anchors.ts');
}

function node20(): NodeTls {
  return { rootCertificates: [one.certificatePem], getCACertificates: undefined };
}

/** From 22.15 on. */
function node22(stores: Readonly<Record<string, readonly string[]>>): NodeTls {
  return { rootCertificates: [one.certificatePem], getCACertificates: (store) => stores[store] ?? [] };
}

function onPlatform(name: string): void {
  Object.defineProperty(process, 'platform', { value: name });
}

describe('`default`', () => {
  test('is the bundled list with NODE_EXTRA_CA_CERTS on Node 20', async () => {
    const { anchorsFrom } = await on(node20());
    const path = join(folder, 'extra.pem');
    writeFileSync(path, two.certificatePem);
    vi.stubEnv('NODE_EXTRA_CA_CERTS', path);
    expect(anchorsFrom('default').count).toBe(2);
    expect(anchorsFrom('mozilla').count).toBe(1);
  });

  test.each([
    ['that is not there', undefined],
    ['that is empty', ''],
    ['of something else', 'garbage'],
  ])('is refused on Node 20 when NODE_EXTRA_CA_CERTS names a file %s', async (_name, text) => {
    const { anchorsFrom } = await on(node20());
    const path = join(folder, 'extra.pem');
    if (text !== undefined) writeFileSync(path, text);
    vi.stubEnv('NODE_EXTRA_CA_CERTS', path);
    expect(thrown(() => anchorsFrom('default'))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'trust' });
  });

  test('is what Node says it is where Node can say so', async () => {
    const { anchorsFrom } = await on(node22({ default: [one.certificatePem, two.certificatePem] }));
    expect(anchorsFrom('default').count).toBe(2);
  });

  test('is refused when Node got nothing from NODE_EXTRA_CA_CERTS', async () => {
    const { anchorsFrom } = await on(node22({ default: [one.certificatePem] }));
    vi.stubEnv('NODE_EXTRA_CA_CERTS', join(folder, 'absent.pem'));
    expect(thrown(() => anchorsFrom('default'))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'trust' });
  });

  test('is refused when it is empty', async () => {
    const { anchorsFrom } = await on(node22({ default: [] }));
    expect(thrown(() => anchorsFrom('default'))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'trust' });
  });
});

describe.each(['win32', 'darwin'])('`system` on %s', (name) => {
  test('is what Node reads from the system', async () => {
    const { anchorsFrom } = await on(node22({ system: [two.certificatePem] }));
    onPlatform(name);
    expect(anchorsFrom('system').count).toBe(1);
  });

  test('is refused when Node finds nothing', async () => {
    const { anchorsFrom } = await on(node22({}));
    onPlatform(name);
    expect(thrown(() => anchorsFrom('system'))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'trust' });
  });

  test('is not there on Node 20, unless SSL_CERT_FILE says what it is', async () => {
    const { anchorsFrom } = await on(node20());
    onPlatform(name);
    expect(thrown(() => anchorsFrom('system'))).toMatchObject({ code: 'ERR_TLS_UNSUPPORTED', option: 'trust' });
    const path = join(folder, 'roots.pem');
    writeFileSync(path, two.certificatePem);
    vi.stubEnv('SSL_CERT_FILE', path);
    expect(anchorsFrom('system').count).toBe(1);
  });
});

test('a runtime that has a `node:tls` without a list says that there is no `mozilla`, and what has one', async () => {
  const { anchorsFrom } = await on({ rootCertificates: undefined, getCACertificates: undefined });
  const error = thrown(() => anchorsFrom('mozilla'));
  expect(error).toMatchObject({ code: 'ERR_TLS_UNSUPPORTED', option: 'trust' });
  expect(error.message).toContain('@org/tls-roots');
});

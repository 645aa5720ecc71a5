import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRoot } from '@org/pki';
import type { TrustSource } from '@org/tls-core';
import { readTrustStore } from '@org/tls-core/trust-stores';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadAddon } from '../src/border/load-addon.ts';
import { createBackend, nativeLibrary } from '../src/index.ts';

const script = join(import.meta.dirname, 'scripts', 'trust-outcomes.mjs');

let folder: string;
let rootPem: string;
let rootDer: Uint8Array;
const unreadablePem = '-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
  const root = await createRoot();
  rootPem = root.certificatePem;
  rootDer = root.certificateDer;
  writeFileSync(join(folder, 'root.pem'), rootPem);
  writeFileSync(join(folder, 'empty.pem'), '');
  writeFileSync(join(folder, 'garbage.pem'), 'garbage');
  writeFileSync(join(folder, 'partly.pem'), unreadablePem + rootPem);
  writeFileSync(join(folder, 'unreadable.pem'), unreadablePem);
  mkdirSync(join(folder, 'hashed'));
  writeFileSync(join(folder, 'hashed', '0a1b2c3d.0'), rootPem);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Makes a context; `undefined` when it was made, else the error's code and option. */
async function outcomeOf(trust: TrustSource): Promise<unknown> {
  // stores are read once per process
  vi.resetModules();
  const fresh = await import('../src/index.ts');
  try {
    fresh.createBackend().createClientContext({ trust });
    return undefined;
  } catch (error) {
    const { code, option } = error as { readonly code?: unknown; readonly option?: unknown };
    return { code, option };
  }
}

/** Makes a context. @returns what the library is asked to trust: certificates, and whether the system's store is added */
async function givenToLibrary(trust: TrustSource): Promise<unknown> {
  vi.resetModules();
  const fresh = await import('../src/index.ts');
  const { loadAddon } = await import('../src/border/load-addon.ts');
  const backend = fresh.createBackend();
  const asked = vi.spyOn(loadAddon(), 'createTrustStore');
  backend.createClientContext({ trust });
  return asked.mock.lastCall;
}

const refused = { code: 'ERR_TLS_CONFIG', option: 'trust' };

describe('`trust` of the native backend', () => {
  it('takes every store by name, and unions with certificates', async () => {
    vi.stubEnv('SSL_CERT_FILE', join(folder, 'root.pem'));
    for (const trust of ['default', 'system', 'mozilla', ['mozilla', rootDer], ['system', rootPem]])
      expect(await outcomeOf(trust)).toBeUndefined();
  });

  it('refuses a trust anchor without a certificate, also in a list', () => {
    const anchor = { subject: Uint8Array.of(0x30, 0), subjectPublicKeyInfo: Uint8Array.of(0x30, 0) };
    for (const trust of [anchor, ['mozilla', [anchor]]]) {
      expect(() => createBackend().createClientContext({ trust })).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'trust' }),
      );
    }
  });

  it('leaves `system` to the library, and adds certificates to it', async () => {
    vi.stubEnv('SSL_CERT_FILE', '');
    vi.stubEnv('SSL_CERT_DIR', '');
    expect(await givenToLibrary('system')).toEqual([[], true]);
    expect(await givenToLibrary([rootDer, ['system']])).toEqual([[rootDer], true]);
  });

  it('reads `system` for a library that does not know it, as tls-pure does', async () => {
    vi.stubEnv('SSL_CERT_FILE', '');
    vi.stubEnv('SSL_CERT_DIR', '');
    const all = readTrustStore('system', (certificate) => certificate);
    vi.resetModules();
    const { trustStore } = await import('../src/trust/trust-store.ts');
    const addon = loadAddon();
    const given = vi.spyOn(addon, 'createTrustStore');
    trustStore(['system', rootDer], addon, { ...nativeLibrary(), hasSystemTrust: false });
    expect(given.mock.lastCall).toEqual([[...all, rootDer], false]);
    vi.stubEnv('SSL_CERT_FILE', join(folder, 'partly.pem'));
    trustStore('system', addon, { ...nativeLibrary(), hasSystemTrust: false });
    expect(given.mock.lastCall).toEqual([[rootDer], false]);
  });

  it.each([
    ['SSL_CERT_FILE', 'root.pem'],
    ['SSL_CERT_FILE', 'partly.pem'],
    ['SSL_CERT_DIR', 'hashed'],
  ])('trusts what %s names, here %s, in place of the system’s store', async (variable, name) => {
    vi.stubEnv('SSL_CERT_FILE', '');
    vi.stubEnv('SSL_CERT_DIR', '');
    vi.stubEnv(variable, join(folder, name));
    expect(await givenToLibrary('system')).toEqual([[rootDer], false]);
  });

  it.each(['absent.pem', 'empty.pem', 'garbage.pem', 'unreadable.pem'])(
    'refuses `system` when SSL_CERT_FILE names %s',
    async (name) => {
      vi.stubEnv('SSL_CERT_FILE', join(folder, name));
      expect(await outcomeOf('system')).toEqual(refused);
      expect(await outcomeOf(['mozilla', 'system'])).toEqual(refused);
    },
  );

  it.each(['absent.pem', 'empty.pem', 'garbage.pem'])(
    'refuses `default` when NODE_EXTRA_CA_CERTS names %s, and `mozilla` does not look at it',
    async (name) => {
      // Node reads the variable once in a process
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, name), NODE_NO_WARNINGS: '1' };
      const { stdout } = await promisify(execFile)(process.execPath, [script, 'default', 'mozilla'], { env });
      expect(JSON.parse(stdout)).toEqual([refused, null]);
    },
  );

  it('refuses PEM text without a certificate', async () => {
    expect(await outcomeOf(['-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n'])).toEqual(refused);
  });
});

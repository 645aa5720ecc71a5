import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsBackend, TrustSource } from '@org/tls-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { rootPem } from '../src/index.ts';

/**
 * tls-native and x509 read the stores with a name each for itself, since the one leaves the system's to the library and the other reads it.
 * What a user is told must be the same.
 */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-variables-'));
  writeFileSync(join(folder, 'root.pem'), rootPem);
  writeFileSync(join(folder, 'empty.pem'), '');
  writeFileSync(join(folder, 'garbage.pem'), 'garbage');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const refused = { code: 'ERR_TLS_CONFIG', option: 'trust' };

it.each(
  ['missing.pem', 'empty.pem', 'garbage.pem'].flatMap((file) => [
    ['NODE_EXTRA_CA_CERTS', 'default', file] as const,
    ['SSL_CERT_FILE', 'system', file] as const,
  ]),
)('both backends refuse %s for `%s` when it names %s', async (variable, trust, file) => {
  vi.stubEnv(variable, join(folder, file));
  expect(await outcomes(trust)).toEqual([refused, refused]);
});

it.each([
  ['NODE_EXTRA_CA_CERTS', 'default', 'root.pem'],
  ['SSL_CERT_FILE', 'system', 'root.pem'],
  ['NODE_EXTRA_CA_CERTS', 'mozilla', 'missing.pem'],
  ['SSL_CERT_FILE', 'mozilla', 'missing.pem'],
] as const)('both backends do the same with %s for `%s` when it names %s', async (variable, trust, file) => {
  vi.stubEnv(variable, join(folder, file));
  const [native, pure] = await outcomes(trust);
  expect(native).toEqual(pure);
});

/** What comes of a context of tls-native, and of one of tls-pure. Stores are read once per process, so both packages are loaded anew. */
async function outcomes(trust: TrustSource): Promise<readonly [unknown, unknown]> {
  vi.resetModules();
  const [native, pure] = [await import('@org/tls-native'), await import('@org/tls-pure')];
  return [outcomeOf(native.createBackend(), trust), outcomeOf(pure.createBackend(), trust)];
}

/** `undefined` where the context was made. */
function outcomeOf(backend: TlsBackend, trust: TrustSource): unknown {
  try {
    backend.createClientContext({ trust });
    return undefined;
  } catch (error) {
    const { code, option } = error as { readonly code?: unknown; readonly option?: unknown };
    return { code, option };
  }
}

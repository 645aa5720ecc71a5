import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { otherNodes } from '@org/node-matrix';
import { createRoot } from '@org/pki';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'support', 'count-anchors.mjs');
let folder: string;
let rootPem: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
  rootPem = (await createRoot()).certificatePem;
  writeFileSync(join(folder, 'root.pem'), rootPem);
  writeFileSync(join(folder, 'empty.pem'), '');
  writeFileSync(join(folder, 'garbage.pem'), 'garbage');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function answersOf(
  node: string,
  env: NodeJS.ProcessEnv,
  stores: readonly string[],
  flags: readonly string[] = [],
) {
  const { stdout } = await run(node, ['--conditions=@org/source', ...flags, script, ...stores], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return JSON.parse(stdout) as readonly (number | string)[];
}

/** They read the variable themselves, when they start. Node 20 does not tell; what is done there is tested without processes. */
describe.each(otherNodes)('in a process of %s', (_name, node) => {
  test('NODE_EXTRA_CA_CERTS adds to `default`, and to nothing else', async () => {
    const [plain, mozilla] = await answersOf(node, {}, ['default', 'mozilla']);
    expect(plain).toBe(mozilla);
    const env = { NODE_EXTRA_CA_CERTS: join(folder, 'root.pem') };
    expect(await answersOf(node, env, ['default', 'mozilla'])).toEqual([Number(plain) + 1, plain]);
  });

  test.each(['absent.pem', 'empty.pem', 'garbage.pem'])(
    'NODE_EXTRA_CA_CERTS that names %s is refused',
    async (name) => {
      const env = { NODE_EXTRA_CA_CERTS: join(folder, name) };
      const [byDefault, mozilla] = await answersOf(node, env, ['default', 'mozilla']);
      expect(byDefault).toBe('ERR_TLS_CONFIG');
      expect(mozilla).toBeGreaterThan(50);
    },
  );

  test('`default` is what --use-system-ca makes of it, where SSL_CERT_FILE is the system’s store', async () => {
    const env = { SSL_CERT_FILE: join(folder, 'root.pem'), SSL_CERT_DIR: join(folder, 'none') };
    const [byDefault, mozilla] = await answersOf(node, env, ['default', 'mozilla'], ['--use-system-ca']);
    expect(byDefault).toBe(Number(mozilla) + 1);
  });

  test.each([
    ['root.pem', 1],
    ['absent.pem', 'ERR_TLS_CONFIG'],
    ['empty.pem', 'ERR_TLS_CONFIG'],
    ['garbage.pem', 'ERR_TLS_CONFIG'],
  ])('SSL_CERT_FILE that names %s gives `system` %s', async (name, answer) => {
    expect(await answersOf(node, { SSL_CERT_FILE: join(folder, name) }, ['system'])).toEqual([answer]);
  });
});

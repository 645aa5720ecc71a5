import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createRoot } from '@org/pki';

const script = join(import.meta.dirname, '..', 'scripts', 'many-renewals.mjs');

test.each(['@org/tls-pure', '@org/tls-native'])('%s lets go of the identities that were renewed', async (backend) => {
  const root = await createRoot();
  const leaves = await Promise.all([1, 2, 3].map(async () => root.issue({ names: ['localhost'] })));
  const pairs = leaves.map(({ chainPem, privateKeyPem }) => ({ chain: chainPem, key: privateKeyPem }));
  const folder = mkdtempSync(join(tmpdir(), 'many-renewals-'));
  const env = { PATH: process.env['PATH'], PEMS: JSON.stringify({ root: root.certificatePem, pairs }) };
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, backend, '200', folder], {
    env,
  });
  rmSync(folder, { recursive: true });
  const { count, alive } = JSON.parse(stdout) as { readonly count: number; readonly alive: number };
  expect(count).toBe(200);
  // The one in use lives, and the collector may have kept one that stands on the stack.
  expect(alive).toBeLessThan(5);
});

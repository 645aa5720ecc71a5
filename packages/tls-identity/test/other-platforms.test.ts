import { createRoot, type TestCertificate } from '@org/pki';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readIdentity, readPrivateKey } from '../src/index.ts';
import { Workbench } from './support/tools.ts';

/** What there is where node:crypto is not. */
vi.mock('#platform', () => import('../src/platform/web.ts'));

const bench = new Workbench();
let leaf: TestCertificate;

beforeAll(async () => {
  leaf = await createRoot({ isCa: false, names: ['localhost'] });
  bench.put('leaf', leaf);
});
afterAll(() => bench[Symbol.dispose]());

test.each([
  ['today', []],
  ['the past', ['-legacy']],
  ['the past, with DES', ['-legacy', '-keypbe', 'PBE-MD5-DES', '-certpbe', 'PBE-SHA1-2DES']],
  ['a MAC with SHA-512', ['-macalg', 'sha512']],
])('without node:crypto, PKCS#12 of %s is read', async (_name, options) => {
  const input = ['-inkey', 'leaf.key', '-in', 'leaf.crt', '-passout', 'pass:a'];
  const pfx = bench.openssl('pkcs12', '-export', ...input, ...options);
  expect((await readIdentity({ pfx, passphrase: 'a' })).privateKey).toEqual(leaf.privateKeyDer);
});

test('without node:crypto, scrypt derives the same key', async () => {
  const key = bench.openssl('pkcs8', '-topk8', '-in', 'leaf.key', '-scrypt', '-passout', 'pass:a');
  expect((await readPrivateKey(key, 'a')).privateKey).toEqual(leaf.privateKeyDer);
});

test('without node:crypto, others get turns while a key is derived', async () => {
  let turns = 0;
  const count = setInterval(() => (turns += 1), 0);
  const key = bench.openssl('pkcs8', '-topk8', '-in', 'leaf.key', '-scrypt', '-passout', 'pass:a');
  await readPrivateKey(key, 'a');
  clearInterval(count);
  expect(turns).toBeGreaterThan(2);
});

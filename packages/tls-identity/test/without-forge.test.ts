import { createRoot } from '@org/pki';
import { expect, test, vi } from 'vitest';
import { readIdentity } from '../src/index.ts';
import { rejected } from './support/rejected.ts';
import { Workbench } from './support/tools.ts';

vi.mock('node-forge', () => {
  throw new Error('Cannot find package');
});

test('without node-forge a file of the past is refused with what to do, and one of today is read', async () => {
  using bench = new Workbench();
  const leaf = await createRoot({ isCa: false, names: ['localhost'] });
  bench.put('leaf', leaf);
  const args = ['pkcs12', '-export', '-inkey', 'leaf.key', '-in', 'leaf.crt', '-passout', 'pass:a'];
  const past = bench.openssl(...args, '-legacy');
  const error = await rejected(() => readIdentity({ pfx: past, passphrase: 'a' }));
  expect(error.code).toBe('ERR_TLS_IDENTITY');
  expect(error.message).toContain('add node-forge');
  expect(error.message).toContain('openssl pkcs12 -legacy');
  const identity = await readIdentity({ pfx: bench.openssl(...args), passphrase: 'a' });
  expect(identity.certificateChain).toEqual([leaf.certificateDer]);
});

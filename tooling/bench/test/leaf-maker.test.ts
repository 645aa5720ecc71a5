import { X509Certificate } from 'node:crypto';
import { createRoot } from '@org/pki';
import { expect, test } from 'vitest';
import { LeafMaker } from '../src/leaf-maker.ts';

test('each leaf has a key and a serial number of its own, and is signed by the root', async () => {
  const root = await createRoot();
  const issuer = new X509Certificate(root.certificatePem);
  const maker = new LeafMaker(root, await root.issue({ names: ['localhost'] }));
  const leaves = Array.from({ length: 50 }, () => new X509Certificate(maker.make().chain));
  for (const leaf of leaves) {
    expect(leaf.verify(issuer.publicKey)).toBe(true);
    expect(leaf.checkHost('localhost')).toBe('localhost');
  }
  expect(new Set(leaves.map(({ serialNumber }) => serialNumber)).size).toBe(leaves.length);
  expect(new Set(leaves.map(({ publicKey }) => String(publicKey.export({ format: 'pem', type: 'spki' })))).size).toBe(
    leaves.length,
  );
});

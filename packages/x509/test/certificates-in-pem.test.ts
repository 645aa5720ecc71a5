import { expect, it } from 'vitest';
import { createRoot } from '@org/pki';
import { anchorsFrom, certificatesInPem, verifyChain } from '../src/index.ts';

const root = await createRoot();
const intermediate = await root.issue({ isCa: true });
const leaf = await intermediate.issue({ names: ['example.org'] });

it('gives what verifyChain takes, by the platform’s cryptography where none is named', async () => {
  const chain = certificatesInPem(`a comment\n${leaf.privateKeyPem}${leaf.chainPem}`);
  const anchors = anchorsFrom(root.certificatePem);
  const { path } = await verifyChain({
    chain,
    anchors,
    purpose: 'server',
    serverName: 'example.org',
    time: Date.now(),
  });
  expect(path).toHaveLength(3);
});

it.each([
  ['no block', 'hello'],
  ['no certificate', leaf.privateKeyPem],
  ['a block without its end', '-----BEGIN CERTIFICATE-----\nMII=\n'],
  ['nothing', ''],
])('refuses text with %s', (_, text) => {
  expect(() => certificatesInPem(text)).toThrow(expect.objectContaining({ code: 'ERR_TLS_CERTIFICATE_BAD' }));
});

import { beforeAll, expect, it } from 'vitest';
import type { PeerRules, PresentedChain } from '@org/tls-core';
import { isPromiseLike } from '@org/tls-core/backend';
import { createRoot, type TestCertificate } from '@org/pki';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { peerVerifier, type PeerVerifierSettings } from '../src/index.ts';
import { thrown } from '@org/pki';

let root: TestCertificate;
let leaf: TestCertificate;
beforeAll(async () => {
  root = await createRoot();
  leaf = await root.issue({ names: ['example.com'], extendedKeyUsage: ['serverAuth'] });
});

const rulesOf = (): PeerRules => ({ role: 'client', trust: root.certificatePem });
const presented = (): PresentedChain => ({
  chain: leaf.chainDer,
  serverName: 'example.com',
  staple: undefined,
  time: Date.now(),
});

it('the verifier for other backends judges at once, over either provider', () => {
  for (const settings of [{}, { crypto: nobleCrypto }]) {
    const verified = peerVerifier(settings).createJudge(rulesOf())(presented());
    expect(isPromiseLike(verified)).toBe(false);
    expect(verified).toMatchObject({ path: { length: 2 } });
  }
});

it('the verifier for other backends knows the role, and keeps to the rules whatever else comes with a chain', () => {
  const asServer = peerVerifier().createJudge({ ...rulesOf(), role: 'server' });
  const certificatePurpose = { code: 'ERR_TLS_CERTIFICATE_PURPOSE' };
  expect(thrown(() => asServer({ ...presented(), serverName: undefined }))).toMatchObject(certificatePurpose);
  const bold = { ...presented(), purpose: 'server', serverName: undefined };
  expect(thrown(() => asServer(bold))).toMatchObject(certificatePurpose);
});

it('the verifier for other backends refuses what it cannot use when the rules are read', () => {
  const verifier = peerVerifier();
  expect(thrown(() => verifier.createJudge({ ...rulesOf(), trust: [] }))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
  const revocation = { crls: [root.certificatePem] };
  expect(thrown(() => verifier.createJudge({ ...rulesOf(), revocation }))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
  expect(() => peerVerifier({ provider: nobleCrypto } as PeerVerifierSettings)).toThrow(TypeError);
});

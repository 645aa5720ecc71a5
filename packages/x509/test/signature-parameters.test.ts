import { X509Certificate } from 'node:crypto';
import { createRoot, respondOcsp, thrown, type TestCertificate } from '@org/pki';
import type { Staple } from '@org/tls-core';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCertificate } from '../src/certificate.ts';
import { readRevocation, type RevocationRules } from '../src/revocation-rules.ts';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';

let root: TestCertificate;
let leaf: TestCertificate;

beforeAll(async () => {
  root = await createRoot({ algorithm: 'rsa-2048' });
  // RFC 7633 §6: status_request
  const feature = { oid: '1.3.6.1.5.5.7.1.24', value: Uint8Array.of(0x30, 3, 2, 1, 5) };
  leaf = await root.issue({ names: ['example.com'], signatureParameters: 'absent', extensions: [feature] });
});

const sha256WithRsa = '06092a864886f70d01010b';
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe.each([
  ['node:crypto', nodeCrypto],
  ['noble', nobleCrypto],
])('RFC 4055 §5 an RSA signature whose algorithm has no parameters, over %s', (_name, crypto) => {
  const verify = (more: { readonly staple?: Staple; readonly revocation?: RevocationRules }): unknown =>
    verifyChain({
      chain: leaf.chainDer,
      anchors: anchorsFrom(root.certificateDer),
      purpose: 'server',
      serverName: 'example.com',
      time: Date.now(),
      crypto,
      ...more,
    });

  test('of a certificate is verified', () => {
    expect(hexOf(leaf.certificateDer)).not.toContain(`${sha256WithRsa}0500`);
    expect(new X509Certificate(leaf.certificateDer).verify(new X509Certificate(root.certificateDer).publicKey)).toBe(
      true,
    );
    expect(verify({})).toHaveProperty('path.length', 2);
  });

  test.each(['absent', 'null'] as const)('of a list is verified: %s', async (signatureParameters) => {
    const { serialNumber } = parseCertificate(leaf.certificateDer);
    const revoking = await root.issueCrl({ serialNumbers: [serialNumber], signatureParameters });
    const other = await root.issueCrl({ signatureParameters });
    const damaged = await root.issueCrl({ signatureParameters, corruptSignature: true });
    expect(hexOf(other).includes(`${sha256WithRsa}0500`)).toBe(signatureParameters === 'null');
    expect(verify({ revocation: readRevocation({ crls: [other] }) })).toHaveProperty('path.length', 2);
    expect(thrown(() => verify({ revocation: readRevocation({ crls: [revoking] }) }))).toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_REVOKED',
    });
    expect(thrown(() => verify({ revocation: readRevocation({ crls: [damaged] }) }))).toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_STATUS',
    });
  });

  test.each([true, false])('of an OCSP response is verified: %s', (omitsSignatureParameters) => {
    const respond = (status: 'V' | 'R'): Uint8Array =>
      respondOcsp(leaf, { issuer: root, status, omitsSignatureParameters, args: ['-ndays', '1', '-resp_no_certs'] });
    const good = respond('V');
    expect(hexOf(good).includes(`${sha256WithRsa}0500`)).toBe(!omitsSignatureParameters);
    expect(verify({ staple: { ocspResponse: good } })).toHaveProperty('path.length', 2);
    expect(thrown(() => verify({ staple: { ocspResponse: respond('R') } }))).toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_REVOKED',
    });
    expect(thrown(() => verify({ staple: { ocspResponse: undefined } }))).toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_STATUS',
    });
  });
});

import { X509Certificate } from 'node:crypto';
import { isTlsError } from '@org/tls-core';
import { createRoot, respondOcsp, type IssueOptions, type OcspOptions, type TestCertificate } from '@org/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import { readRevocation } from '../src/revocation-rules.ts';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain, type VerifyChainOptions } from '../src/verifier.ts';
import { thrown } from '@org/pki';

let root: TestCertificate;
let leaf: TestCertificate;
let mustStaple: TestCertificate;

beforeAll(async () => {
  root = await createRoot({ commonName: 'issuer' });
  leaf = await root.issue({ names: ['example.com'] });
  // RFC 7633 §6: status_request
  const feature = { oid: '1.3.6.1.5.5.7.1.24', value: Uint8Array.of(0x30, 3, 2, 1, 5) };
  mustStaple = await root.issue({ names: ['example.com'], extensions: [feature] });
});

/** What OpenSSL's responder answers about a certificate, DER. */
function respond(certificate: TestCertificate, options: Partial<OcspOptions> = {}): Uint8Array {
  return respondOcsp(certificate, { issuer: root, ...options });
}

function verify(
  ocspResponse: Uint8Array | undefined,
  certificate = leaf,
  given: Partial<VerifyChainOptions> = {},
): unknown {
  return verifyChain({
    chain: certificate.chainDer,
    anchors: anchorsFrom(root.certificateDer),
    purpose: 'server',
    serverName: 'example.com',
    time: Date.now(),
    crypto: nodeCrypto,
    staple: { ocspResponse },
    ...given,
  });
}

/** Of a certificate that must staple: whether the response is believed to be good. */
function isBelieved(ocspResponse: Uint8Array | undefined, given: Partial<VerifyChainOptions> = {}): boolean {
  try {
    verify(ocspResponse, mustStaple, given);
    return true;
  } catch (error) {
    if (!isTlsError(error) || error.code !== 'ERR_TLS_CERTIFICATE_STATUS') throw error;
    return false;
  }
}

const accepted = { path: expect.any(Array) as unknown[] };
const revoked = { code: 'ERR_TLS_CERTIFICATE_REVOKED' };

describe('a stapled OCSP response of OpenSSL’s responder', () => {
  test('that says revoked refuses the certificate, whatever else is configured', () => {
    const response = respond(leaf, { status: 'R' });
    expect(thrown(() => verify(response))).toMatchObject(revoked);
    expect(thrown(() => verify(response, leaf, { crypto: nobleCrypto }))).toMatchObject(revoked);
  });

  test('that says good is believed', () => {
    expect(verify(respond(leaf))).toMatchObject(accepted);
    expect(isBelieved(respond(mustStaple))).toBe(true);
    expect(isBelieved(respond(mustStaple), { crypto: nobleCrypto })).toBe(true);
    expect(isBelieved(respond(mustStaple, { args: ['-ndays', '1', '-resp_key_id'] }))).toBe(true);
    expect(isBelieved(respond(mustStaple, { args: ['-ndays', '1', '-resp_no_certs'] }))).toBe(true);
  });

  test('without nextUpdate is believed for a day', () => {
    const response = respond(mustStaple, { args: [] });
    expect(isBelieved(response)).toBe(true);
    expect(isBelieved(response, { time: Date.now() + 23 * 3_600_000 })).toBe(true);
    expect(isBelieved(response, { time: Date.now() + 25 * 3_600_000 })).toBe(false);
  });

  test('stands in for a list of the issuer', async () => {
    const other = await createRoot();
    const revocation = readRevocation({ crls: [await other.issueCrl()] });
    expect(verify(respond(leaf), leaf, { revocation })).toMatchObject(accepted);
    expect(thrown(() => verify(undefined, leaf, { revocation }))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_STATUS' });
  });

  test('does not undo a list that names the certificate', async () => {
    const serial = Buffer.from(new X509Certificate(leaf.certificateDer).serialNumber, 'hex');
    const serialNumbers = [(serial[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), serial]) : serial];
    const revocation = readRevocation({ crls: [await root.issueCrl({ serialNumbers })] });
    expect(thrown(() => verify(respond(leaf), leaf, { revocation }))).toMatchObject(revoked);
  });
});

describe('RFC 6960 §4.2.2.2 a responder that the issuer named', () => {
  const responder = async (options: IssueOptions, issuer = root) =>
    issuer.issue({ commonName: 'responder', ...options });

  test('has id-kp-OCSPSigning', async () => {
    expect(isBelieved(respond(mustStaple, { signer: await responder({ extendedKeyUsage: ['OCSPSigning'] }) }))).toBe(
      true,
    );
    expect(isBelieved(respond(mustStaple, { signer: await responder({ extendedKeyUsage: ['serverAuth'] }) }))).toBe(
      false,
    );
    expect(isBelieved(respond(mustStaple, { signer: await responder({ extendedKeyUsage: [] }) }))).toBe(false);
  });

  test('is named by the issuer itself', async () => {
    const stranger = await createRoot({ commonName: 'issuer' });
    const signer = await responder({ extendedKeyUsage: ['OCSPSigning'] }, stranger);
    expect(isBelieved(respond(mustStaple, { signer }))).toBe(false);
    expect(isBelieved(respond(mustStaple, { signer: stranger }))).toBe(false);
  });

  test('is valid', async () => {
    const notAfter = new Date(Date.now() - 60_000);
    const signer = await responder({ extendedKeyUsage: ['OCSPSigning'], notAfter });
    expect(isBelieved(respond(mustStaple, { signer }))).toBe(false);
  });

  test('may say revoked, too', async () => {
    const signer = await responder({ extendedKeyUsage: ['OCSPSigning'] });
    expect(thrown(() => verify(respond(leaf, { status: 'R', signer })))).toMatchObject(revoked);
  });
});

describe('RFC 6960 §3.2 a response says nothing', () => {
  test('of another certificate', () => {
    expect(isBelieved(respond(leaf))).toBe(false);
  });

  test('of the same serial number under another issuer', async () => {
    const other = await createRoot({ commonName: 'issuer' });
    expect(isBelieved(respond(mustStaple, { issuer: other }))).toBe(false);
    expect(isBelieved(respond(mustStaple, { issuer: other, signer: root }))).toBe(false);
  });

  test('when it is out of date, or from the future', () => {
    const response = respond(mustStaple);
    expect(isBelieved(response, { time: Date.now() + 25 * 3_600_000 })).toBe(false);
    expect(isBelieved(response, { time: Date.now() - 10 * 60_000 })).toBe(false);
  });

  test('with any bit of it changed, or cut', () => {
    const response = respond(mustStaple);
    for (let at = 0; at < response.length; at += 1) {
      const changed = response.map((byte, index) => (index === at ? byte ^ 1 : byte));
      const believed = isBelieved(changed);
      // what follows the signature is the responder's certificate, which the issuer's own response does not need
      const isInSigned = at < response.length - root.certificateDer.length - 16;
      expect(believed && isInSigned).toBe(false);
    }
    for (let length = 0; length < response.length; length += 1)
      expect(isBelieved(response.subarray(0, length))).toBe(false);
  });

  test('when the responder had none to give', () => {
    expect(isBelieved(Uint8Array.of(0x30, 3, 0x0a, 1, 6))).toBe(false);
    expect(isBelieved(new Uint8Array(0))).toBe(false);
  });
});

describe('RFC 7633 a certificate that must staple', () => {
  test('§4.2.3.1 is refused without a good response by a client that asked for one', () => {
    expect(isBelieved(undefined)).toBe(false);
    expect(verify(undefined, mustStaple, { staple: undefined })).toMatchObject(accepted);
  });

  test('and any other is accepted without', () => {
    expect(verify(undefined)).toMatchObject(accepted);
    expect(verify(Uint8Array.of(1, 2, 3))).toMatchObject(accepted);
  });
});

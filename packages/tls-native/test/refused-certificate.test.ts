import { createRoot, type TestCertificate } from '@org/pki';
import type { TlsError } from '@org/tls-core';
import { certificateFaults, type CertificateFault } from '@org/tls-core/backend';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NativeFault } from '../src/border/addon.ts';
import { readNames } from '../src/trust/certificate-names.ts';
import { isCertificateRefusal, refusedCertificate } from '../src/trust/refused-certificate.ts';

let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;
beforeAll(async () => {
  root = await createRoot();
  intermediate = await root.issue({ isCa: true });
  leaf = await intermediate.issue({ names: ['www.example.com', '*.example.org', '192.0.2.1', '2001:db8::1'] });
});

const ofIssuer: NativeFault = {
  code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
  detail: 'unable to get local issuer certificate',
  osCode: 20,
  nodeCode: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  certificateFault: 'unknownIssuer',
};
const ofName: NativeFault = {
  code: 'ERR_TLS_CERTIFICATE_NAME',
  detail: 'hostname mismatch',
  osCode: 62,
  nodeCode: 'ERR_TLS_CERT_ALTNAME_INVALID',
  certificateFault: 'hostName',
};

function errorOf(fault: NativeFault, chain: readonly Uint8Array[], wanted?: string): TlsError {
  if (!isCertificateRefusal(fault)) throw new Error('expected a fault of a certificate');
  return refusedCertificate(fault, chain, wanted);
}

const der = (list: readonly TestCertificate[]): readonly Uint8Array[] => list.map((each) => each.certificateDer);

describe('the error for a chain that the library refuses', () => {
  const chains: readonly (readonly [CertificateFault, () => readonly TestCertificate[]])[] = [
    ['missingIntermediate', () => [leaf]],
    ['rootInstead', () => [leaf, root]],
    ['unknownIssuer', () => [leaf, intermediate]],
    ['selfSignedRoot', () => [leaf, intermediate, root]],
    ['selfSignedRoot', () => [leaf, root, intermediate]],
    ['selfSignedLeaf', () => [root]],
  ];

  it.each(chains)('tells by what came which certificate is missing: %s', (fault, chain) => {
    const error = errorOf(ofIssuer, der(chain()));
    expect(error).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', platformReason: ofIssuer.detail });
    expect(error.certificate?.hint).toBe(certificateFaults[fault].hint);
    expect(error.message).toBe(`${ofIssuer.detail}; ${certificateFaults[fault].hint}`);
    expect(error.nodeCode).toBe('UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
  });

  it('tells that another intermediate came than the leaf’s', async () => {
    const other = await root.issue({ isCa: true });
    const { certificate } = errorOf(ofIssuer, der([leaf, other]));
    expect(certificate?.hint).toBe(certificateFaults.wrongIntermediate.hint);
  });

  it('is made all the same where the certificates cannot be read, or came by the thousands', () => {
    const junk = [Uint8Array.of(0x30, 0x80), new Uint8Array(0)];
    expect(errorOf(ofIssuer, junk).certificate?.hint).toBe(certificateFaults.unknownIssuer.hint);
    expect(errorOf(ofIssuer, []).certificate?.hint).toBe(certificateFaults.unknownIssuer.hint);
    const many = [leaf.certificateDer, ...Array.from({ length: 5000 }, () => intermediate.certificateDer)];
    expect(errorOf(ofIssuer, many).certificate?.chain).toHaveLength(5001);
  });

  it('names the names that the certificate has', () => {
    expect(errorOf(ofName, leaf.chainDer, 'www.example.net').message).toBe(
      'the certificate is not for www.example.net, it is for www.example.com, *.example.org, 192.0.2.1, 2001:db8::1; ' +
        certificateFaults.hostName.hint,
    );
  });

  it('shows a few names of many, and quotes what is none', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `n${index}.test`);
    const many = await root.issue({ names });
    expect(errorOf(ofName, many.chainDer, 'a.test').message).toMatch(/ n7\.test and 12 more; /u);
    const value = Uint8Array.of(0x30, 0x0b, 0x82, 9, ...new TextEncoder().encode('a, b\n.tes'));
    const odd = await root.issue({ names: [], extensions: [{ oid: '2.5.29.17', value }] });
    expect(errorOf(ofName, odd.chainDer, 'a.test').message).toContain('it is for "a, b\\n.tes"; ');
    const none = await root.issue({ names: [], commonName: 'a.test' });
    expect(errorOf(ofName, none.chainDer, 'a.test').message).toContain('no host name and no IP address');
  });

  it('is about no certificate where the peer sent an alert, or no certificate is to blame', () => {
    expect(isCertificateRefusal({ ...ofName, receivedAlert: 42 })).toBe(false);
    expect(isCertificateRefusal({ code: 'ERR_TLS_DECODE', detail: 'bad length', osCode: 0 })).toBe(false);
  });
});

describe('the names of a certificate', () => {
  it('are those of its issuer and subject', () => {
    const names = readNames(leaf.certificateDer);
    expect(names?.issuer).toEqual(readNames(intermediate.certificateDer)?.subject);
    expect(names?.names).toEqual(['www.example.com', '*.example.org', '192.0.2.1', '2001:db8::1']);
  });

  it('are not there where it is no certificate', () => {
    expect(readNames(undefined)).toBeUndefined();
    for (let length = 0; length < leaf.certificateDer.length; length += 7)
      expect(readNames(leaf.certificateDer.subarray(0, length))).toBeUndefined();
  });
});

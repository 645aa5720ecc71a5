import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCertificate } from './test-certificate.ts';

export interface OcspOptions {
  readonly issuer: TestCertificate;
  /** Whether the certificate is valid (the default) or revoked. */
  readonly status?: 'V' | 'R';
  /** Who signs the response. Default: the issuer. */
  readonly signer?: TestCertificate;
  /** Further arguments of `openssl ocsp`; by default the response is valid for a day. */
  readonly args?: readonly string[];
}

/** Gives what OpenSSL's responder answers about a certificate, as DER. It needs the command `openssl`. */
export function respondOcsp(certificate: TestCertificate, options: OcspOptions): Uint8Array {
  const { status = 'V', issuer, signer = issuer, args = ['-ndays', '1'] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'pki-ocsp-'));
  const file = (name: string, contents: string): string => {
    writeFileSync(join(folder, name), contents);
    return join(folder, name);
  };
  const openssl = (...given: readonly string[]): void => {
    execFileSync('openssl', ['ocsp', ...given], { stdio: 'pipe' });
  };
  try {
    const { serialNumber } = new X509Certificate(certificate.certificateDer);
    const revokedAt = status === 'R' ? '260101000000Z' : '';
    const index = file('index', `${status}\t300101000000Z\t${revokedAt}\t${serialNumber}\tunknown\t/CN=example.com\n`);
    const [request, response] = [join(folder, 'request'), join(folder, 'response')];
    const ca = file('issuer', issuer.certificatePem);
    openssl('-issuer', ca, '-cert', file('leaf', certificate.certificatePem), '-no_nonce', '-reqout', request);
    const responder = ['-rsigner', file('signer', signer.certificatePem), '-rkey', file('key', signer.privateKeyPem)];
    openssl('-index', index, '-CA', ca, ...responder, '-reqin', request, '-respout', response, ...args);
    return readFileSync(response);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

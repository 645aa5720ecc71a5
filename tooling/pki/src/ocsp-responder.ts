import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Constructed, fromBER, OctetString, type BaseBlock } from 'asn1js';
import type { TestCertificate } from './test-certificate.ts';

export interface OcspOptions {
  readonly issuer: TestCertificate;
  /** Whether the certificate is valid (the default) or revoked. */
  readonly status?: 'V' | 'R';
  /** Who signs the response. Default: the issuer. */
  readonly signer?: TestCertificate;
  /** Further arguments of `openssl ocsp`; by default the response is valid for a day. */
  readonly args?: readonly string[];
  /** Whether the parameters of the signature's algorithm are left out (RFC 4055 §5). The signature is not over them. */
  readonly omitsSignatureParameters?: boolean;
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
    const der = readFileSync(response);
    return options.omitsSignatureParameters === true ? withoutSignatureParameters(der) : der;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Leaves out what follows behind the algorithm in the BasicOCSPResponse of an OCSPResponse (RFC 6960 §4.2.1). */
function withoutSignatureParameters(der: Uint8Array): Uint8Array {
  const { result: response } = fromBER(der);
  const [, tagged] = partsOf(response);
  const bytes = partsOf(partsOf(tagged)[0]);
  const encoded = bytes[1];
  if (!(encoded instanceof OctetString)) throw new TypeError('the response has no ResponseBytes');
  const { result: basic } = fromBER(encoded.valueBlock.valueHexView);
  partsOf(partsOf(basic)[1]).splice(1);
  bytes[1] = new OctetString({ valueHex: basic.toBER() });
  return new Uint8Array(response.toBER());
}

/** Gives the parts of a constructed element, which may be changed. */
function partsOf(block: BaseBlock | undefined): BaseBlock[] {
  if (!(block instanceof Constructed)) throw new TypeError('the response is not built as RFC 6960 says');
  return block.valueBlock.value;
}

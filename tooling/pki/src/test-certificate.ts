import { webcrypto } from 'node:crypto';
import { AttributeTypeAndValue, Certificate, RelativeDistinguishedNames, Time, TimeType } from 'pkijs';
import { Integer, PrintableString, Sequence, Utf8String } from 'asn1js';
import { certificateExtensions } from './extensions.ts';
import type { IssueOptions } from './issue-options.ts';
import { bitString, keyAlgorithmRow, positiveInteger, signatureAlgorithm } from './key-algorithm.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';
import { generateSigningKey, keysByOwner } from './key-pair.ts';
import type { SigningKey } from './key-pair.ts';
import { toPem } from './pem.ts';
import { embeddedTimestamps, timestampList } from './test-log.ts';
import { makeCrl } from './revocation-list.ts';
import type { CrlOptions } from './revocation-list.ts';

/** A certificate with its private key, which can issue further ones. For tests and demos only. */
export interface TestCertificate {
  readonly algorithm: KeyAlgorithm;
  readonly certificateDer: Uint8Array;
  readonly certificatePem: string;
  /** This certificate first, then the CAs that issued it, without the root. */
  readonly chainPem: string;
  readonly chainDer: readonly Uint8Array[];
  /** The private key as PKCS#8 that is not encrypted. */
  readonly privateKeyPem: string;
  readonly privateKeyDer: Uint8Array;
  /** Signs a new certificate with this one's key, even where a proper CA would refuse. */
  issue(options?: IssueOptions): Promise<TestCertificate>;
  /** Signs a list of revoked certificates and gives it in DER. */
  issueCrl(options?: CrlOptions): Promise<Uint8Array>;
}

/** Makes a self-signed certificate: a CA, unless the options say otherwise. */
export async function createRoot(options: IssueOptions = {}): Promise<TestCertificate> {
  const key = await keyFor(options);
  const notAfter = options.notAfter ?? new Date(Date.now() + 3650 * dayMs);
  return certify({ ...options, isCa: options.isCa ?? true, notAfter }, key, undefined);
}

interface Issuer {
  readonly key: SigningKey;
  readonly subject: RelativeDistinguishedNames;
  /** What follows after a certificate of this issuer in a chain. */
  readonly chainDer: readonly Uint8Array[];
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
async function keyFor(options: IssueOptions): Promise<SigningKey> {
  if (options.sameKeyAs === undefined) return generateSigningKey(options.algorithm ?? 'ecdsa-p256');
  const key = keysByOwner.get(options.sameKeyAs);
  if (key === undefined) throw new TypeError('sameKeyAs: expected a certificate that this package made');
  return key;
}

async function certify(options: IssueOptions, key: SigningKey, issuer: Issuer | undefined): Promise<TestCertificate> {
  const serial = webcrypto.getRandomValues(new Uint8Array(16));
  const commonName = options.commonName ?? options.names?.[0] ?? defaultName(options, serial);
  const subject = distinguishedName(commonName, options.nameString);
  const signer = issuer?.key ?? key;
  const row = keyAlgorithmRow(signer.algorithm);
  const hash = options.signatureHash ?? row.defaultHash;

  const certificate = new Certificate({
    version: options.version === 1 ? 0 : 2,
    serialNumber:
      options.serialNumber === undefined
        ? positiveInteger(serial)
        : new Integer({ valueHex: Uint8Array.from(options.serialNumber) }),
    signature: signatureAlgorithm(row, hash, options.signatureParameters),
    issuer: issuer?.subject ?? subject,
    subject,
    notBefore: time(options.notBefore ?? new Date(Date.now() - hourMs)),
    notAfter: time(options.notAfter ?? new Date(Date.now() + 30 * dayMs)),
    subjectPublicKeyInfo: key.publicKeyInfo,
    ...(options.version !== 1 && {
      extensions: certificateExtensions(options, await keyIdentifier(key), await keyIdentifier(signer)),
    }),
    signatureAlgorithm: signatureAlgorithm(row, options.outerSignatureHash ?? hash, options.signatureParameters),
  });
  if (options.logs !== undefined) {
    const issuerKey = new Uint8Array(signer.publicKeyInfo.toSchema().toBER());
    const precertificate = { tbsCertificate: new Uint8Array(certificate.encodeTBS().toBER()), issuerKey };
    const list = timestampList(await Promise.all(options.logs.map((log) => log.timestamp(precertificate))));
    certificate.extensions?.push(embeddedTimestamps(list));
  }
  const tbsCertificate = certificate.encodeTBS();
  const signature = await signer.sign(new Uint8Array(tbsCertificate.toBER()), hash);
  if (options.corruptSignature === true) flipLastBit(signature);
  const der = new Uint8Array(signedDer(certificate, tbsCertificate, signature));
  return testCertificate(der, key, subject, issuer);
}

/** Puts together what stands in a certificate with its key. A certificate without an issuer is a root. */
export function testCertificate(
  certificateDer: Uint8Array,
  key: SigningKey,
  subject: RelativeDistinguishedNames,
  issuer: Pick<Issuer, 'chainDer'> | undefined,
): TestCertificate {
  const chainDer = [certificateDer, ...(issuer?.chainDer ?? [])];
  const self: Issuer = { key, subject, chainDer: issuer === undefined ? [] : chainDer };
  const made: TestCertificate = {
    algorithm: key.algorithm,
    certificateDer,
    certificatePem: toPem('CERTIFICATE', certificateDer),
    chainDer,
    chainPem: chainDer.map((der) => toPem('CERTIFICATE', der)).join(''),
    privateKeyDer: key.privateKeyDer,
    privateKeyPem: toPem('PRIVATE KEY', key.privateKeyDer),
    issue: async (options = {}) => certify(options, await keyFor(options), self),
    issueCrl: async (options = {}) => makeCrl(subject, key, options),
  };
  keysByOwner.set(made, key);
  return made;
}

function signedDer(
  certificate: Certificate,
  tbsCertificate: ReturnType<Certificate['encodeTBS']>,
  signature: Uint8Array,
): ArrayBuffer {
  return new Sequence({
    value: [tbsCertificate, certificate.signatureAlgorithm.toSchema(), bitString(signature)],
  }).toBER();
}

/** Computes the SHA-1 of the public key's bits (RFC 5280 §4.2.1.2, method 1); it is a name and protects nothing. */
async function keyIdentifier(key: SigningKey): Promise<Uint8Array> {
  const bits = key.publicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
  return new Uint8Array(await webcrypto.subtle.digest('SHA-1', bits));
}

function distinguishedName(commonName: string, type: IssueOptions['nameString']): RelativeDistinguishedNames {
  if (commonName === '') return new RelativeDistinguishedNames({ valueBeforeDecode: new Sequence().toBER() });
  const value =
    type === 'printable' ? new PrintableString({ value: commonName }) : new Utf8String({ value: commonName });
  return new RelativeDistinguishedNames({ typesAndValues: [new AttributeTypeAndValue({ type: '2.5.4.3', value })] });
}

function defaultName(options: IssueOptions, serial: Uint8Array): string {
  return `Test ${options.isCa === true ? 'CA' : 'leaf'} ${Buffer.from(serial).toString('hex').slice(0, 8)}`;
}

/** Writes a UTCTime through 2049 and a GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5), in whole seconds. */
function time(date: Date): Time {
  const whole = new Date(Math.floor(date.getTime() / 1000) * 1000);
  return new Time({ type: whole.getUTCFullYear() < 2050 ? TimeType.UTCTime : TimeType.GeneralizedTime, value: whole });
}

function flipLastBit(bytes: Uint8Array): void {
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
}

import { createRoot, respondOcsp, toPem, type CertificateExtension } from '@org/pki';
import { nodeCrypto } from '@org/tls-crypto/node';
import { createBackend } from '@org/tls-pure';
import { anchorsFrom, parseCertificate, readRevocation, verifyChain } from '@org/x509';
import { der, forgedCertificate, hugeRsaKey, oid, sequence } from '../der.ts';
import { join, text } from '../wire.ts';

/** One file, and what a program does with it. */
export interface HostileFile {
  /** The name that stands in the table. */
  readonly name: string;
  /** How many bytes the file, or all files of the task, have. */
  readonly bytes: number;
  /** Reads it; it may throw a TlsError. */
  readonly use: () => unknown;
}

/** The most bytes that a file here has. */
export const mostBytes = 100 * 1024;

const oids = {
  san: '2.5.29.17',
  constraints: '2.5.29.30',
  policies: '2.5.29.32',
  access: '1.3.6.1.5.5.7.1.1',
} as const;

/** Makes all files. Each is as long as a program reads it, or just under 100 KB. */
export async function hostileFiles(): Promise<readonly HostileFile[]> {
  const certificates = await Promise.all(
    [...certificateFiles()].map(async ([name, made]) => certificate(name, await made)),
  );
  return [...certificates, ...(await bundles()), ...(await lists()), await chainOfCas(), await longStaple()];
}

function certificate(name: string, certificateDer: Uint8Array): HostileFile {
  return {
    name: `certificate: ${name}`,
    bytes: certificateDer.length,
    use: () => {
      parseCertificate(certificateDer);
      return anchorsFrom(certificateDer);
    },
  };
}

function* certificateFiles(): Generator<readonly [name: string, certificate: Uint8Array | Promise<Uint8Array>]> {
  const dns = (index: number): Uint8Array => der(0x82, text(`n${index}.test`));
  const listOf = (count: number, each: (index: number) => Uint8Array): Uint8Array =>
    sequence(...Array.from({ length: count }, (_, index) => each(index)));
  yield ['2,000 names', withExtension(oids.san, listOf(2000, dns))];
  yield ['8,000 names', withExtension(oids.san, listOf(8000, dns))];
  const constraints = (count: number): Uint8Array =>
    sequence(der(0xa1, ...Array.from({ length: count }, (_, index) => sequence(dns(index)))));
  yield ['2,000 name constraints', withExtension(oids.constraints, constraints(2000))];
  yield ['6,000 name constraints', withExtension(oids.constraints, constraints(6000))];
  const policy = (index: number): Uint8Array =>
    sequence(der(6, Uint8Array.of(0x2b, 6, 1, (index >> 7) | 0x80, index & 0x7f)));
  yield ['10,000 policies', withExtension(oids.policies, listOf(10_000, policy))];
  const place = (index: number): Uint8Array => sequence(oid('2b06010505073001'), der(0x86, text(`http://a/${index}`)));
  yield ['3,000 places in authorityInfoAccess', withExtension(oids.access, listOf(3000, place))];
  yield ['an extension nested 20,000 deep', withExtension('1.2.3.4', nested(20_000))];
  yield ['DER nested 20,000 deep', nested(20_000)];
  yield [
    'object identifiers of 20,000 bytes',
    withExtension(oids.policies, sequence(sequence(der(6, new Uint8Array(20_000).fill(0x81), Uint8Array.of(1))))),
  ];
  yield ['an RSA key with a modulus and an exponent of 24,000 bytes', hugeKey(24_000)];
}

async function withExtension(id: string, value: Uint8Array): Promise<Uint8Array> {
  const extensions: readonly CertificateExtension[] = [{ oid: id, value }];
  return (await createRoot({ isCa: false, extensions })).certificateDer;
}

/** Writes sequences within each other, from the inside out; one by one they would be copied as often as they are deep. */
function nested(depth: number): Uint8Array {
  const headers: Uint8Array[] = [];
  let length = 2;
  for (let level = 0; level < depth; level += 1) {
    const header = der(0x30, new Uint8Array(length)).subarray(0, -length);
    headers.unshift(header);
    length += header.length;
  }
  return join(...headers, Uint8Array.of(5, 0));
}

function hugeKey(bytes: number): Uint8Array {
  const publicKey = hugeRsaKey(bytes, 0x81);
  return forgedCertificate({ subject: 'huge', issuer: 'huge', publicKey, signatureLength: 256, serial: 1, isCa: true });
}

/** Bundles that a program trusts. */
async function bundles(): Promise<readonly HostileFile[]> {
  const bundle = (name: string, pem: string): HostileFile => ({
    name: `trusted bundle: ${name}`,
    bytes: pem.length,
    use: () => anchorsFrom(pem),
  });
  const unreadable = toPem('CERTIFICATE', Uint8Array.of(0x30, 0));
  const roots = await Promise.all(Array.from({ length: 140 }, async () => createRoot({ commonName: 'one of many' })));
  return [
    bundle('1,700 certificates that cannot be read', unreadable.repeat(1700)),
    bundle('140 roots of one name', roots.map(({ certificatePem }) => certificatePem).join('')),
  ];
}

/** Revocation lists, which are read, and then looked at in the verification of a chain. */
async function lists(): Promise<readonly HostileFile[]> {
  const root = await createRoot({ algorithm: 'ecdsa-p521' });
  const leaf = await root.issue({ names: ['localhost'] });
  const serials = Array.from({ length: 2600 }, (_, index) => Uint8Array.of(1, index >>> 8, index));
  const long = await root.issueCrl({ serialNumbers: serials });
  const many = await Promise.all(Array.from({ length: 60 }, async () => root.issueCrl({ corruptSignature: true })));
  const list = (name: string, crls: readonly Uint8Array[]): HostileFile => ({
    name: `revocation: ${name}`,
    bytes: sum(crls),
    use: () =>
      verifyChain({
        chain: leaf.chainDer,
        anchors: anchorsFrom(root.certificateDer),
        purpose: 'server',
        serverName: 'localhost',
        time: Date.now(),
        crypto: nodeCrypto,
        revocation: readRevocation({ crls }),
      }),
  });
  return [list('one list of 2,600 certificates', [long]), list('60 lists with wrong signatures of P-521', many)];
}

/** The most that a trusted CA can have verified: a chain as long as is accepted, of the most expensive keys. */
async function chainOfCas(): Promise<HostileFile> {
  let issuer = await createRoot({ algorithm: 'ecdsa-p521' });
  const anchor = issuer.certificateDer;
  for (let depth = 0; depth < 4; depth += 1) issuer = await issuer.issue({ isCa: true, algorithm: 'ecdsa-p521' });
  const leaf = await issuer.issue({ names: ['localhost'] });
  return {
    name: 'identity: a chain of 5 signatures of P-521, loaded and verified',
    bytes: sum(leaf.chainDer),
    use: () => {
      createBackend({ crypto: nodeCrypto }).createServerContext({
        identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem },
      });
      // Signatures that were verified are remembered with what was parsed: copies are parsed anew.
      const chain = leaf.chainDer.map((each) => each.slice());
      return verifyChain({
        chain,
        anchors: anchorsFrom(anchor),
        purpose: 'server',
        serverName: 'localhost',
        time: Date.now(),
        crypto: { ...nodeCrypto },
      });
    },
  };
}

async function longStaple(): Promise<HostileFile> {
  const root = await createRoot({ algorithm: 'ecdsa-p521' });
  const leaf = await root.issue({ names: ['localhost'] });
  const signer = await root.issue({ extendedKeyUsage: ['OCSPSigning'], algorithm: 'ecdsa-p521' });
  const ocspResponse = respondOcsp(leaf, { issuer: root, signer });
  return {
    name: 'stapled response: of a responder with a key of P-521',
    bytes: ocspResponse.length,
    use: () =>
      verifyChain({
        chain: leaf.chainDer.map((each) => each.slice()),
        anchors: anchorsFrom(root.certificateDer),
        purpose: 'server',
        serverName: 'localhost',
        time: Date.now(),
        crypto: { ...nodeCrypto },
        staple: { ocspResponse },
      }),
  };
}

function sum(parts: readonly Uint8Array[]): number {
  return parts.reduce((bytes, { length }) => bytes + length, 0);
}

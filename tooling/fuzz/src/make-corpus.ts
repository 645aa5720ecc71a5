// Makes corpus.json again: real files, which the fuzzers damage. A seed gives the same inputs only with the same corpus.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, createRoot, respondOcsp, timestampList, toPem, type TestCertificate } from '@org/pki';
import { generateEchKey } from '@org/tls-pure/ech';

const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
const corpus: Record<string, string> = {};

function add(name: string, value: Uint8Array | string): void {
  corpus[name] = Buffer.from(value).toString('base64');
}

async function make(): Promise<void> {
  const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2070-01-01T00:00:00Z') };
  const nameConstraints = {
    permitted: ['example.com', 'localhost', '10.0.0.0/8', '2001:db8::/32'],
    excluded: ['example.net', '192.168.0.0/16'],
  };
  const root = await createRoot({ ...validity, commonName: 'corpus root', nameConstraints });
  const ca = await root.issue({ ...validity, commonName: 'corpus CA', isCa: true, pathLength: 1 });
  const log = await createLog();
  const names = ['localhost', 'example.com', '*.example.com', '10.0.0.1', '2001:db8::1'];
  const leaf = await ca.issue({ ...validity, names, logs: [log], extensions });
  const p256 = await ca.issue({ ...validity, names });
  const rsa = await ca.issue({ ...validity, names, algorithm: 'rsa-2048' });
  const ed = await ca.issue({ ...validity, names, algorithm: 'ed25519' });
  const p384 = await ca.issue({ ...validity, names, algorithm: 'ecdsa-p384' });
  const old = await root.issue({ ...validity, names: [], version: 1 });
  for (const [name, certificate] of Object.entries({ root, ca, leaf, p256, rsa, ed, p384, old })) {
    add(`certificate ${name}`, certificate.certificateDer);
    add(`key ${name}`, certificate.privateKeyDer);
    add(`chain ${name}`, certificate.chainPem);
    add(`spki ${name}`, createPublicKey(certificate.privateKeyPem).export({ format: 'der', type: 'spki' }));
  }
  add('crl empty', await ca.issueCrl());
  add('crl full', await ca.issueCrl({ serialNumbers: [Uint8Array.of(1), Uint8Array.of(2, 3)] }));
  add('crl root', await root.issueCrl());
  add('crl pem', toPem('X509 CRL', await ca.issueCrl()));
  add('ocsp good', respondOcsp(leaf, { issuer: ca, args: ['-ndays', '15000'] }));
  add('ocsp revoked', respondOcsp(leaf, { issuer: ca, status: 'R', args: ['-ndays', '15000'] }));
  add('timestamps', timestampList([await log.timestamp({ certificateDer: leaf.certificateDer })]));
  const ech = generateEchKey({ publicName: 'public.example.com' });
  add('ech list', ech.configList);
  add('ech config', ech.config);
  add('ech key', ech.privateKey);
  addKeys('ec', leaf);
  addKeys('rsa', rsa);
  addKeys('ed', ed);
  addPkcs12('ec', leaf);
  addPkcs12('rsa', rsa);
}

/** The extensions are tls-feature with status_request (RFC 7633), authorityInfoAccess, cRLDistributionPoints and certificatePolicies. */
const extensions = [
  { oid: '1.3.6.1.5.5.7.1.24', value: hex('3003020105') },
  { oid: '1.3.6.1.5.5.7.1.1', value: hex('301c301a06082b06010505073001860e687474703a2f2f612e746573742f') },
  { oid: '2.5.29.31', value: hex('30163014a012a010860e687474703a2f2f612e746573742f') },
  { oid: '2.5.29.32', value: hex('300a3008060667810c010201') },
];

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** Adds a certificate's key in all forms. The passphrase of what is encrypted is `corpus`, with few iterations so that a case is fast. */
function addKeys(name: string, certificate: TestCertificate): void {
  const key = createPrivateKey(certificate.privateKeyPem);
  add(`pem ${name}`, certificate.privateKeyPem + certificate.chainPem);
  add(`jwk ${name}`, JSON.stringify({ ...key.export({ format: 'jwk' }), x5c: certificate.chainDer.map(base64) }));
  write(`${name}.key`, certificate.privateKeyPem);
  const from = ['-topk8', '-in', join(folder, `${name}.key`), '-passout', 'pass:corpus'];
  add(`pkcs8 ${name} pbkdf2`, openssl('pkcs8', ...from, '-iter', '16'));
  add(
    `pkcs8 ${name} scrypt`,
    openssl('pkcs8', ...from, '-scrypt', '-scrypt_N', '16', '-scrypt_r', '1', '-scrypt_p', '1', '-outform', 'DER'),
  );
  if (name === 'ed') return;
  const old = openssl(
    name === 'ec' ? 'ec' : 'rsa',
    '-in',
    join(folder, `${name}.key`),
    '-aes128',
    '-passout',
    'pass:corpus',
    ...(name === 'rsa' ? ['-traditional'] : []),
  );
  add(`pem ${name} encrypted`, old);
  add(
    `der ${name} old`,
    openssl(
      name === 'ec' ? 'ec' : 'rsa',
      '-in',
      join(folder, `${name}.key`),
      '-outform',
      'DER',
      ...(name === 'rsa' ? ['-traditional'] : []),
    ),
  );
}

function addPkcs12(name: string, { chainPem }: TestCertificate): void {
  write(`${name}.crt`, chainPem);
  const input = [
    '-export',
    '-inkey',
    join(folder, `${name}.key`),
    '-in',
    join(folder, `${name}.crt`),
    '-name',
    'web',
    '-passout',
    'pass:corpus',
    '-iter',
    '16',
  ];
  add(`pkcs12 ${name}`, openssl('pkcs12', ...input));
  add(`pkcs12 ${name} no mac`, openssl('pkcs12', ...input, '-nomac'));
  add(`pkcs12 ${name} open`, openssl('pkcs12', ...input, '-keypbe', 'NONE', '-certpbe', 'NONE'));
  add(`pkcs12 ${name} legacy`, openssl('pkcs12', ...input, '-legacy'));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function openssl(...args: readonly string[]): Uint8Array {
  const out = join(folder, 'out');
  const [command = '', ...rest] = args;
  execFileSync('openssl', [command, ...rest, '-out', out], { stdio: 'pipe' });
  return readFileSync(out);
}

try {
  await make();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
writeFileSync(new URL('../corpus.json', import.meta.url), `${JSON.stringify(corpus, null, 2)}\n`);

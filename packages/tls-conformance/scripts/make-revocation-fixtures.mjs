// Writes src/revocation-fixtures.ts, as make-fixtures.mjs writes src/fixtures.ts.
import { writeFile } from 'node:fs/promises';
import { createRoot } from '@org/pki';

const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2049-12-31T00:00:00Z') };
const peer = { ...validity, names: ['localhost'] };

const root = await createRoot({ ...validity, commonName: 'Conformance Revocation Root' });
const revoked = await root.issue(peer);
const good = await root.issue(peer);
// as node:crypto has it: a magnitude in hexadecimal
const { X509Certificate } = await import('node:crypto');
const { serialNumber } = new X509Certificate(revoked.certificateDer);
const magnitude = Buffer.from(serialNumber, 'hex');
const list = await root.issueCrl({
  serialNumbers: [magnitude[0] >= 0x80 ? Buffer.concat([Uint8Array.of(0), magnitude]) : magnitude],
  thisUpdate: validity.notBefore,
  nextUpdate: validity.notAfter,
});

await writeFile(
  new URL('../src/revocation-fixtures.ts', import.meta.url),
  `// The script scripts/make-revocation-fixtures.mjs writes this file.
import { fixture, pem } from './fixture-certificate.ts';

/** The issuer of \`revoked\` and \`good\`, and of the list that names the first of them until the end of 2049. */
export const revocationRootPem = pem('CERTIFICATE', ${JSON.stringify(base64(root.certificateDer))});

export const revocationListPem = pem('X509 CRL', ${JSON.stringify(base64(list))});

/** A leaf for \`localhost\` that serves servers and clients. */
export const revoked = fixture(${JSON.stringify(base64(revoked.privateKeyDer))}, ${JSON.stringify(revoked.chainDer.map(base64))});

export const good = fixture(${JSON.stringify(base64(good.privateKeyDer))}, ${JSON.stringify(good.chainDer.map(base64))});
`,
);

function base64(bytes) {
  return Buffer.from(bytes).toString('base64');
}

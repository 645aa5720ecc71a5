// Writes src/rsa-fixtures.ts, as make-fixtures.mjs writes src/fixtures.ts. It needs the command `openssl`, whose responder signs.
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createRoot, respondOcsp } from '@org/pki';

const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2049-12-31T00:00:00Z') };
const peer = { ...validity, names: ['localhost'], signatureParameters: 'absent' };
// RFC 7633 §6: status_request
const feature = { oid: '1.3.6.1.5.5.7.1.24', value: Uint8Array.of(0x30, 3, 2, 1, 5) };

const root = await createRoot({ ...validity, commonName: 'Conformance RSA Root', algorithm: 'rsa-2048' });
const mustStaple = await root.issue({ ...peer, extensions: [feature] });
const revoked = await root.issue(peer);
const magnitude = Buffer.from(new X509Certificate(revoked.certificateDer).serialNumber, 'hex');
const list = await root.issueCrl({
  serialNumbers: [magnitude[0] >= 0x80 ? Buffer.concat([Uint8Array.of(0), magnitude]) : magnitude],
  thisUpdate: validity.notBefore,
  nextUpdate: validity.notAfter,
  signatureParameters: 'absent',
});
const tenThousandDays = ['-ndays', '10000'];
const status = { issuer: root, args: tenThousandDays, omitsSignatureParameters: true };

await writeFile(
  new URL('../src/rsa-fixtures.ts', import.meta.url),
  `// The script scripts/make-rsa-fixtures.mjs writes this file.
import { fixture, pem } from './fixture-certificate.ts';

/** An issuer with an RSA key. The algorithms of all its signatures below have no parameters (RFC 4055 §5). */
export const rsaRootPem = pem('CERTIFICATE', ${JSON.stringify(base64(root.certificateDer))});

/** A list that names \`rsaRevoked\` until the end of 2049. */
export const rsaListPem = pem('X509 CRL', ${JSON.stringify(base64(list))});

/** A leaf for \`localhost\` on the list. */
export const rsaRevoked = fixture(${JSON.stringify(base64(revoked.privateKeyDer))}, ${JSON.stringify(revoked.chainDer.map(base64))});

/** A leaf for \`localhost\` that must staple (RFC 7633). */
export const rsaMustStaple = fixture(${JSON.stringify(base64(mustStaple.privateKeyDer))}, ${JSON.stringify(mustStaple.chainDer.map(base64))});

/** OCSP responses about \`rsaMustStaple\` in Base64, from the end of 2026 on for 10,000 days. */
export const rsaResponses = ${JSON.stringify({
    good: base64(respondOcsp(mustStaple, status)),
    revoked: base64(respondOcsp(mustStaple, { ...status, status: 'R' })),
  })};
`,
);

function base64(bytes) {
  return Buffer.from(bytes).toString('base64');
}

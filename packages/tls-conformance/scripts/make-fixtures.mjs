// Writes src/fixtures.ts: a PKI whose private keys are public. Run it by hand with `pnpm --filter @org/tls-conformance fixtures`.
import { writeFile } from 'node:fs/promises';
import { createRoot } from '@org/pki';

const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2070-01-01T00:00:00Z') };
const names = ['localhost', '127.0.0.1', '::1'];
const server = { ...validity, names, extendedKeyUsage: ['serverAuth'] };

const root = await createRoot({ ...validity, commonName: 'Conformance Root' });
const otherRoot = await createRoot({ ...validity, commonName: 'Another Root' });
const intermediate = await root.issue({ ...validity, isCa: true, commonName: 'Conformance Intermediate' });
const selfSigned = await createRoot({ ...server, isCa: false, commonName: 'self-signed' });

const certificates = {
  'ecdsa-p256': await root.issue(server),
  'ecdsa-p384': await root.issue({ ...server, algorithm: 'ecdsa-p384' }),
  'ecdsa-p521': await root.issue({ ...server, algorithm: 'ecdsa-p521' }),
  'rsa-2048': await root.issue({ ...server, algorithm: 'rsa-2048' }),
  'rsa-pss-2048': await root.issue({ ...server, algorithm: 'rsa-pss-2048' }),
  ed25519: await root.issue({ ...server, algorithm: 'ed25519' }),
  underIntermediate: await intermediate.issue(server),
  expired: await root.issue({
    ...server,
    notBefore: new Date('2001-01-01T00:00:00Z'),
    notAfter: new Date('2002-01-01T00:00:00Z'),
  }),
  notYetValid: await root.issue({
    ...server,
    notBefore: new Date('2090-01-01T00:00:00Z'),
    notAfter: new Date('2091-01-01T00:00:00Z'),
  }),
  wrongPurpose: await root.issue({ ...server, extendedKeyUsage: ['clientAuth'] }),
  wildcard: await root.issue({ ...server, names: ['*.example.test'] }),
  otherName: await root.issue({ ...server, names: ['other.test'] }),
  withoutNames: await root.issue({ ...server, names: [], commonName: 'localhost' }),
  untrusted: await otherRoot.issue(server),
  selfSigned,
};

const lines = Object.entries(certificates).map(([name, { chainDer, privateKeyDer }]) => {
  const chain = chainDer.map((der) => base64(der));
  return `  ${JSON.stringify(name)}: fixture(${JSON.stringify(base64(privateKeyDer))}, ${JSON.stringify(chain)}),`;
});

await writeFile(
  new URL('../src/fixtures.ts', import.meta.url),
  `// The script scripts/make-fixtures.mjs writes this file.
import { fixture, pem, type FixtureCertificate } from './fixture-certificate.ts';

/** The root that the kit's clients trust. */
export const rootPem = pem('CERTIFICATE', ${JSON.stringify(base64(root.certificateDer))});

/** Leaves for \`localhost\`, \`127.0.0.1\` and \`::1\`, valid from 2020 to 2070, unless their name says otherwise. */
export const certificates = {
${lines.join('\n')}
} as const satisfies Readonly<Record<string, FixtureCertificate>>;

export type FixtureName = keyof typeof certificates;
`,
);

function base64(der) {
  return Buffer.from(der).toString('base64');
}

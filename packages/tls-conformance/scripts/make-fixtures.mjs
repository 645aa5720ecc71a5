// Writes src/fixtures.ts and src/rsa-twins.ts: a PKI whose private keys are public. Run it by hand with `pnpm --filter @org/tls-conformance fixtures`.
import { writeFile } from 'node:fs/promises';
import { createRoot } from '@org/pki';

const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2070-01-01T00:00:00Z') };
const names = ['localhost', '127.0.0.1', '::1'];
const server = { ...validity, names, extendedKeyUsage: ['serverAuth'] };

const past = { notBefore: new Date('2001-01-01T00:00:00Z'), notAfter: new Date('2002-01-01T00:00:00Z') };
const future = { notBefore: new Date('2090-01-01T00:00:00Z'), notAfter: new Date('2091-01-01T00:00:00Z') };

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
  expired: await root.issue({ ...server, ...past }),
  notYetValid: await root.issue({ ...server, ...future }),
  wrongPurpose: await root.issue({ ...server, extendedKeyUsage: ['clientAuth'] }),
  wildcard: await root.issue({ ...server, names: ['*.example.test'] }),
  otherName: await root.issue({ ...server, names: ['other.test'] }),
  withoutNames: await root.issue({ ...server, names: [], commonName: 'localhost' }),
  untrusted: await otherRoot.issue(server),
  selfSigned,
};

// all of them have one key, which is a quarter of the file otherwise
const rsa = { algorithm: 'rsa-2048', sameKeyAs: certificates['rsa-2048'] };
const twins = {
  underIntermediate: await intermediate.issue({ ...server, ...rsa }),
  expired: await root.issue({ ...server, ...rsa, ...past }),
  notYetValid: await root.issue({ ...server, ...rsa, ...future }),
  wrongPurpose: await root.issue({ ...server, ...rsa, extendedKeyUsage: ['clientAuth'] }),
  wildcard: await root.issue({ ...server, ...rsa, names: ['*.example.test'] }),
  otherName: await root.issue({ ...server, ...rsa, names: ['other.test'] }),
  withoutNames: await root.issue({ ...server, ...rsa, names: [], commonName: 'localhost' }),
  untrusted: await otherRoot.issue({ ...server, ...rsa }),
  selfSigned: await createRoot({ ...server, ...rsa, isCa: false, commonName: 'self-signed' }),
};

const lines = Object.entries(certificates).map(
  ([name, { chainDer, privateKeyDer }]) =>
    `  ${JSON.stringify(name)}: fixture(${JSON.stringify(base64(privateKeyDer))}, ${JSON.stringify(chainDer.map(base64))}),`,
);
const twinLines = Object.entries(twins).map(
  ([name, { chainDer }]) => `  ${name}: fixture(privateKey, ${JSON.stringify(chainDer.map(base64))}),`,
);

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

await writeFile(
  new URL('../src/rsa-twins.ts', import.meta.url),
  `// The script scripts/make-fixtures.mjs writes this file.
import { fixture, type FixtureCertificate } from './fixture-certificate.ts';
import type { FixtureName } from './fixtures.ts';

const privateKey = ${JSON.stringify(base64(certificates['rsa-2048'].privateKeyDer))};

/** What differs from the certificate of the same name in fixtures.ts by its key alone, which is for RSA. */
export const rsaTwins: Readonly<Partial<Record<FixtureName, FixtureCertificate>>> = {
${twinLines.join('\n')}
};
`,
);

function base64(der) {
  return Buffer.from(der).toString('base64');
}

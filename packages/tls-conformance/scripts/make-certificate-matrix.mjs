// Writes src/certificate-matrix/, as make-fixtures.mjs writes src/fixtures.ts: chains, and what a verifier has to say of each.
import { X509Certificate } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRoot } from '@org/pki';
import { dns, name, sequence, tagged } from './der-elements.mjs';
import { addOddForms } from './odd-forms.mjs';

const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2049-12-31T00:00:00Z') };
const past = { notBefore: new Date('2001-01-01T00:00:00Z'), notAfter: new Date('2002-01-01T00:00:00Z') };
const future = { notBefore: new Date('2048-01-01T00:00:00Z'), notAfter: new Date('2049-01-01T00:00:00Z') };
const oid = { keyUsage: '2.5.29.15', san: '2.5.29.17', constraints: '2.5.29.30' };
const unknownOid = '1.3.6.1.4.1.99999.1';

const root = await createRoot({ ...validity, commonName: 'Matrix Root' });
const stranger = await createRoot({ ...validity, commonName: 'Matrix Stranger' });
/** All leaves have its key, so that one private key serves them all. */
const keyHolder = await root.issue({ ...validity, names: ['localhost'] });
/** The same for platforms that sign with RSA alone. */
const rsaKeyHolder = await root.issue({ ...validity, names: ['localhost'], algorithm: 'rsa-2048' });
const twins = new Map();

const ca = (issuer = root, options = {}) =>
  issuer.issue({ ...validity, isCa: true, commonName: 'Matrix Intermediate', ...options });
const leaf = (issuer, options = {}) =>
  withTwin((key) =>
    issuer.issue({ ...validity, names: ['localhost'], extendedKeyUsage: ['serverAuth'], ...key, ...options }),
  );

/** Makes a certificate for both keys, and gives the one for ECDSA. */
async function withTwin(issue) {
  const made = await issue({ sameKeyAs: keyHolder });
  twins.set(made, await issue({ algorithm: 'rsa-2048', sameKeyAs: rsaKeyHolder }));
  return made;
}

const rows = [];
/**
 * @param verdict `accept`, or the code of the refusal, or several that will do
 * @param chain certificates, leaf first; the issuers of the first are added when it is the only one, unless `isAlone` says so
 */
function row(id, title, verdict, chain, { isAlone = chain.length > 1, ...more } = {}) {
  const [first] = chain;
  const ders = isAlone ? chain.map(({ certificateDer }) => certificateDer) : first.chainDer;
  const fault = verdict === 'accept' ? undefined : faultOf(id, verdict);
  rows.push({
    id,
    title,
    verdict: verdict === 'accept' ? verdict : [verdict].flat(),
    ...(fault !== undefined && { fault }),
    chain: ders.map(base64),
    rsaLeaf: base64(twins.get(first).certificateDer),
    ...more,
  });
}

/** The fault that a refusal names, by its name in tls-core; none where verifiers may differ. */
function faultOf(id, verdict) {
  const found = {
    ERR_TLS_CERTIFICATE_NAME: 'hostName',
    ERR_TLS_CERTIFICATE_PURPOSE: 'purpose',
    ERR_TLS_CERTIFICATE_SIGNATURE: 'signature',
    ERR_TLS_CERTIFICATE_EXPIRED: 'expired',
    ERR_TLS_CERTIFICATE_NOT_YET_VALID: 'notYetValid',
  };
  const rest = [
    [/^(?:critical)-/u, 'criticalExtension'],
    [/^weak-/u, 'algorithm'],
    [/^(?:constraint|odd-dot|odd-mail)-/u, 'nameConstraint'],
    [/^path-length/u, 'pathLength'],
    [/^(?:no-basic-constraints|not-a-ca|leaf-as-issuer|version-1-ca|no-cert-sign)$/u, 'notCa'],
    [/^odd-policy/u, 'policy'],
    [/^leaf-alone$/u, 'missingIntermediate'],
    [/^root-instead$/u, 'rootInstead'],
    [/^gap$/u, 'wrongIntermediate'],
    [/^self-signed$/u, 'selfSignedLeaf'],
    [/^stranger$/u, 'selfSignedRoot'],
    [/^loop$/u, 'unknownIssuer'],
  ];
  return found[verdict] ?? rest.find(([pattern]) => pattern.test(id))?.[1];
}
const bad = 'ERR_TLS_CERTIFICATE_BAD';
const unsupported = 'ERR_TLS_CERTIFICATE_UNSUPPORTED';
const unknownIssuer = 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER';
const wrongName = 'ERR_TLS_CERTIFICATE_NAME';
const wrongPurpose = 'ERR_TLS_CERTIFICATE_PURPOSE';
const wrongSignature = 'ERR_TLS_CERTIFICATE_SIGNATURE';

// path building
const upper = await ca(root, { commonName: 'Matrix Upper' });
const lower = await ca(upper, { commonName: 'Matrix Lower' });
const deep = await leaf(lower);
row('two-intermediates', 'a chain with two intermediates', 'accept', [deep]);
row('any-order', 'RFC 8446 §4.4.2 intermediates in the wrong order', 'accept', [deep, upper, lower]);
row('surplus', 'RFC 8446 §4.4.2 certificates that do not belong to the chain', 'accept', [
  deep,
  stranger,
  lower,
  keyHolder,
  upper,
]);
row('twice', 'a certificate that is sent twice', 'accept', [deep, lower, lower, upper, upper]);
row('with-root', 'a chain with its root', 'accept', [deep, lower, upper, root]);
row('gap', 'a chain with a gap', unknownIssuer, [deep, upper]);
const crossed = await ca(stranger, { commonName: 'Matrix Upper', sameKeyAs: upper });
row('cross-signed', 'an intermediate that a stranger signed too', 'accept', [deep, lower, crossed, upper]);
const expiredUpper = await ca(root, { commonName: 'Matrix Upper', sameKeyAs: upper, ...past });
row('expired-twin', 'an intermediate that was renewed, with the expired one before it', 'accept', [
  deep,
  lower,
  expiredUpper,
  upper,
]);
row('leaf-alone', 'a leaf without its intermediate', unknownIssuer, [deep], { isAlone: true });
row('root-instead', 'a leaf with the root in the place of its intermediate', unknownIssuer, [deep, root]);
row('self-signed', 'a self-signed certificate', unknownIssuer, [
  await withTwin((key) => createRoot({ ...validity, names: ['localhost'], isCa: false, ...key })),
]);
row('stranger', 'a chain to a stranger’s root, which is sent along', unknownIssuer, [await leaf(stranger), stranger]);
const namesake = await createRoot({ ...validity, commonName: 'Matrix Root' });
row('namesake', 'an issuer of the name of a root, with another key', unknownIssuer, [await leaf(namesake)]);
const one = await createRoot({ ...validity, commonName: 'Matrix One' });
const two = await createRoot({ ...validity, commonName: 'Matrix Two' });
const oneByTwo = await ca(two, { commonName: 'Matrix One', sameKeyAs: one });
const twoByOne = await ca(one, { commonName: 'Matrix Two', sameKeyAs: two });
row('loop', 'issuers that vouch for each other, and nobody for them', unknownIssuer, [
  await leaf(one),
  oneByTwo,
  twoByOne,
]);
row('signature-leaf', 'RFC 5280 §6.1.3 (a)(1) a leaf with a wrong signature', wrongSignature, [
  await leaf(root, { corruptSignature: true }),
]);
row('signature-ca', 'RFC 5280 §6.1.3 (a)(1) an intermediate with a wrong signature', wrongSignature, [
  await leaf(await ca(root, { corruptSignature: true })),
]);

// validity
row('expired-ca', 'RFC 5280 §6.1.3 (a)(2) an intermediate that has expired', 'ERR_TLS_CERTIFICATE_EXPIRED', [
  await leaf(await ca(root, past)),
]);
row('future-ca', 'RFC 5280 §6.1.3 (a)(2) an intermediate that is not yet valid', 'ERR_TLS_CERTIFICATE_NOT_YET_VALID', [
  await leaf(await ca(root, future)),
]);
const expiredRoot = await createRoot({ ...past, commonName: 'Matrix Expired Root' });
row('expired-root', 'a root that has expired', 'ERR_TLS_CERTIFICATE_EXPIRED', [await leaf(expiredRoot)], {
  trust: base64(expiredRoot.certificateDer),
});

row('expired-leaf', 'RFC 5280 §6.1.3 (a)(2) a leaf that has expired', 'ERR_TLS_CERTIFICATE_EXPIRED', [
  await leaf(root, past),
]);
row('future-leaf', 'RFC 5280 §6.1.3 (a)(2) a leaf that is not yet valid', 'ERR_TLS_CERTIFICATE_NOT_YET_VALID', [
  await leaf(root, future),
]);

// CAs
row('no-basic-constraints', 'RFC 5280 §6.1.4 (k) an issuer without basicConstraints', bad, [
  await leaf(await ca(root, { omitBasicConstraints: true })),
]);
row('not-a-ca', 'RFC 5280 §6.1.4 (k) an issuer that is no CA', bad, [await leaf(await ca(root, { isCa: false }))]);
row('leaf-as-issuer', 'RFC 5280 §6.1.4 (k) a server’s certificate as an issuer', bad, [
  await leaf(await root.issue({ ...validity, names: ['issuer.test'] })),
]);
row('version-1-ca', 'RFC 5280 §6.1.4 (k) an issuer of version 1', bad, [await leaf(await ca(root, { version: 1 }))]);
row('no-cert-sign', 'RFC 5280 §6.1.4 (n) an issuer whose keyUsage does not allow it', bad, [
  await leaf(await ca(root, { keyUsage: ['cRLSign'] })),
]);
row('no-key-usage', 'RFC 5280 §6.1.4 (n) an issuer without keyUsage', 'accept', [
  await leaf(await ca(root, { keyUsage: [] })),
]);
const lengthZero = await ca(root, { commonName: 'Matrix Zero', pathLength: 0 });
row('path-length', 'RFC 5280 §6.1.4 (m) a path as long as allowed', 'accept', [await leaf(lengthZero)]);
row('path-length-exceeded', 'RFC 5280 §6.1.4 (m) a path longer than allowed', bad, [await leaf(await ca(lengthZero))]);
row('path-length-of-two', 'RFC 5280 §6.1.4 (m) a path longer than allowed two levels above', bad, [
  await leaf(
    await ca(await ca(await ca(root, { commonName: 'Matrix First', pathLength: 1 }), { commonName: 'Matrix Second' })),
  ),
]);
const rollover = await ca(lengthZero, { commonName: 'Matrix Zero', pathLength: 0 });
row('path-length-self-issued', 'RFC 5280 §4.2.1.9 a self-issued certificate does not count', 'accept', [
  await leaf(rollover),
]);
const shortRoot = await createRoot({ ...validity, commonName: 'Matrix Short Root', pathLength: 0 });
row('path-length-of-root', 'RFC 5280 §6.2 a path longer than the root allows', bad, [await leaf(await ca(shortRoot))], {
  trust: base64(shortRoot.certificateDer),
});

// purposes
const eku = (...extendedKeyUsage) => ({ extendedKeyUsage });
row('no-eku', 'RFC 5280 §4.2.1.12 a leaf without purposes', 'accept', [await leaf(root, eku())]);
row('eku-both', 'a leaf for servers and clients', 'accept', [await leaf(root, eku('clientAuth', 'serverAuth'))]);
row('eku-client', 'RFC 5280 §4.2.1.12 a leaf for clients', wrongPurpose, [await leaf(root, eku('clientAuth'))]);
row('eku-any', 'a leaf for any purpose, but not for servers', wrongPurpose, [
  await leaf(root, eku('anyExtendedKeyUsage')),
]);
row('eku-ca', 'an intermediate for servers', 'accept', [await leaf(await ca(root, eku('serverAuth')))]);
row('eku-ca-client', 'an intermediate for clients', wrongPurpose, [await leaf(await ca(root, eku('clientAuth')))]);
const clientRoot = await createRoot({ ...validity, commonName: 'Matrix Client Root', ...eku('clientAuth') });
row('eku-root-client', 'a root for clients', wrongPurpose, [await leaf(clientRoot)], {
  trust: base64(clientRoot.certificateDer),
});
row('ku-none', 'a leaf without keyUsage', 'accept', [await leaf(root, { keyUsage: [] })]);
row('ku-sign-only-certs', 'RFC 8446 §4.4.2.2 a leaf that signs nothing but certificates', wrongPurpose, [
  await leaf(root, { keyUsage: ['keyCertSign'] }),
]);
row('ku-encipher', 'RFC 8446 §4.4.2.2 a leaf whose keyUsage lacks digitalSignature', wrongPurpose, [
  await leaf(root, { keyUsage: ['keyAgreement'] }),
]);
row('ca-as-leaf', 'a CA’s certificate as a server’s', wrongPurpose, [
  await leaf(root, { isCa: true, keyUsage: ['digitalSignature', 'keyCertSign'] }),
]);

// names
const named = async (id, title, verdict, names, serverName, options = {}, more = {}) =>
  row(`name-${id}`, title, verdict, [await leaf(root, { names, commonName: 'a name', ...options })], {
    serverName,
    ...more,
  });
const rawNames = (...names) => ({ names: [], extensions: [{ oid: oid.san, value: sequence(...names) }] });
await named(
  'case',
  'RFC 9525 §6.3 letters are compared without their case',
  'accept',
  ['WWW.Example.TEST'],
  'www.eXample.test',
);
await named('second', 'any of the names', 'accept', ['a.test', 'b.test', 'c.test'], 'c.test');
await named('parent', 'a name below the certificate’s', wrongName, ['example.test'], 'www.example.test');
await named(
  'a-label',
  'RFC 9525 §6.3 an internationalised name as A-label',
  'accept',
  ['xn--bcher-kva.test'],
  'xn--bcher-kva.test',
);
await named(
  'wildcard-partial',
  'RFC 9525 §6.3 a wildcard for part of a label',
  wrongName,
  ['w*.example.test'],
  'www.example.test',
);
await named(
  'wildcard-middle',
  'RFC 9525 §6.3 a wildcard that is not the first label',
  wrongName,
  ['www.*.test'],
  'www.example.test',
);
await named('wildcard-twice', 'RFC 9525 §6.3 two wildcards', wrongName, ['*.*.test'], 'www.example.test');
await named('wildcard-top', 'a wildcard directly under a top-level domain', wrongName, ['*.test'], 'example.test');
await named('wildcard-alone', 'a wildcard alone', wrongName, ['*'], 'localhost');
await named(
  'ipv6',
  'RFC 9525 §6.5 an IPv6 address in another form',
  'accept',
  ['2001:db8::1'],
  '2001:0db8:0:0:0:0:0:1',
);
await named('ip-other', 'RFC 9525 §6.5 another address', wrongName, ['192.0.2.1'], '192.0.2.2');
await named(
  'ip-as-dns',
  'RFC 9525 §6.5 an address as a DNS name',
  wrongName,
  [],
  '192.0.2.1',
  rawNames(dns('192.0.2.1')),
);
await named(
  'dns-as-mail',
  'a name that is there as a mail address and a URI only',
  wrongName,
  [],
  'example.test',
  rawNames(tagged(0x81, 'a@example.test'), tagged(0x86, 'https://example.test')),
);
await named(
  'nul',
  'a name with a NUL in it',
  [wrongName, bad],
  [],
  'example.test',
  rawNames(dns('example.test\0.other.test')),
  { mayNotLoad: true },
);
row('name-empty-subject', 'RFC 5280 §4.1.2.6 an empty subject with critical names', 'accept', [
  await leaf(root, {
    names: [],
    commonName: '',
    extensions: [{ oid: oid.san, critical: true, value: sequence(dns('localhost')) }],
  }),
]);

// name constraints
const constrained = async (id, title, verdict, nameConstraints, names, options = {}) => {
  const issuer = await ca(
    root,
    nameConstraints.oid === undefined ? { nameConstraints } : { extensions: [nameConstraints] },
  );
  row(`constraint-${id}`, title, verdict, [await leaf(issuer, { names, ...options })], { serverName: names[0] });
};
const raw = (...subtrees) => ({ oid: oid.constraints, critical: true, value: sequence(...subtrees) });
const permitted = (name) => tagged(0xa0, sequence(name));
const excluded = (name) => tagged(0xa1, sequence(name));
await constrained('permitted', 'RFC 5280 §4.2.1.10 a name within', 'accept', { permitted: ['example.test'] }, [
  'www.example.test',
]);
await constrained('not-permitted', 'RFC 5280 §6.1.3 (b) a name outside', bad, { permitted: ['example.test'] }, [
  'example.org',
]);
await constrained('label', 'RFC 5280 §4.2.1.10 a name that only ends alike', bad, { permitted: ['example.test'] }, [
  'myexample.test',
]);
await constrained('second-name', 'RFC 5280 §6.1.3 (b) one of two names outside', bad, { permitted: ['example.test'] }, [
  'example.test',
  'example.org',
]);
await constrained('excluded', 'RFC 5280 §6.1.3 (c) an excluded name', bad, { excluded: ['example.test'] }, [
  'www.example.test',
]);
await constrained(
  'not-excluded',
  'RFC 5280 §6.1.3 (c) a name that is not excluded',
  'accept',
  { excluded: ['example.test'] },
  ['example.org'],
);
await constrained(
  'excluded-within',
  'RFC 5280 §4.2.1.10 excluded within permitted',
  bad,
  { permitted: ['example.test'], excluded: ['no.example.test'] },
  ['a.no.example.test'],
);
await constrained('wildcard', 'a wildcard over an excluded name', bad, { excluded: ['no.example.test'] }, [
  'www.example.test',
  '*.no.example.test',
]);
await constrained('ip', 'RFC 5280 §4.2.1.10 an address within', 'accept', { permitted: ['192.0.2.0/24'] }, [
  '192.0.2.7',
]);
await constrained('ip-not-permitted', 'RFC 5280 §6.1.3 (b) an address outside', bad, { permitted: ['192.0.2.0/24'] }, [
  '198.51.100.7',
]);
await constrained('ip-excluded', 'RFC 5280 §6.1.3 (c) an excluded address', bad, { excluded: ['2001:db8::/32'] }, [
  '2001:db8::1',
]);
await constrained(
  'other-form',
  'RFC 5280 §4.2.1.10 a constraint on another form of name',
  'accept',
  { permitted: ['192.0.2.0/24'] },
  ['example.test'],
);
await constrained(
  'directory',
  'RFC 5280 §6.1.3 (b) a subject outside',
  bad,
  raw(permitted(tagged(0xa4, name('within')))),
  ['localhost'],
  { commonName: 'outside' },
);
await constrained(
  'directory-excluded',
  'RFC 5280 §6.1.3 (c) an excluded subject',
  bad,
  raw(excluded(tagged(0xa4, name('outside')))),
  ['localhost'],
  { commonName: 'outside' },
);
const boundRoot = await createRoot({
  ...validity,
  commonName: 'Matrix Bound Root',
  nameConstraints: { permitted: ['example.test'] },
});
row(
  'constraint-of-root',
  'RFC 5280 §6.2 a name outside what the root may vouch for',
  bad,
  [await leaf(await ca(boundRoot))],
  { trust: base64(boundRoot.certificateDer) },
);
const upperBound = await ca(root, { commonName: 'Matrix Bound', nameConstraints: { permitted: ['example.test'] } });
row('constraint-two-levels', 'RFC 5280 §6.1.4 (g) a name outside what a CA two levels above may vouch for', bad, [
  await leaf(await ca(upperBound)),
]);

// extensions and form
const unknown = (critical) => ({ extensions: [{ oid: unknownOid, critical, value: Uint8Array.of(5, 0) }] });
row('unknown-extension', 'RFC 5280 §4.2 an unknown extension', 'accept', [
  await leaf(await ca(root, unknown(false)), unknown(false)),
]);
row('critical-leaf', 'RFC 5280 §4.2 an unknown critical extension in the leaf', unsupported, [
  await leaf(root, unknown(true)),
]);
row('critical-ca', 'RFC 5280 §4.2 an unknown critical extension in an intermediate', unsupported, [
  await leaf(await ca(root, unknown(true))),
]);
const twice = [{ oid: oid.keyUsage, critical: true, value: Uint8Array.of(3, 2, 1, 6) }];
row(
  'duplicate-extension',
  'RFC 5280 §4.2 an extension twice in an intermediate',
  [bad, unknownIssuer],
  [await leaf(await ca(root, { extensions: twice }))],
);
row(
  'algorithms-differ',
  'RFC 5280 §4.1.1.2 an intermediate with another algorithm outside than inside',
  [bad, wrongSignature],
  [await leaf(await ca(root, { outerSignatureHash: 'SHA-384' }))],
);
const weakRoot = await createRoot({ ...validity, commonName: 'Matrix Weak Root', algorithm: 'rsa-1024' });
row('weak-key', 'an issuer with an RSA key of 1024 bits', unsupported, [await leaf(weakRoot)], {
  trust: base64(weakRoot.certificateDer),
});
row(
  'weak-hash',
  'an intermediate that was signed over SHA-1',
  unsupported,
  [await leaf(await ca(root, { signatureHash: 'SHA-1' }))],
  { mayNotLoad: true },
);

await addOddForms({ row, root, leaf, ca, validity });

// RFC 7633: status_request
const mustStaple = await leaf(root, {
  extensions: [{ oid: '1.3.6.1.5.5.7.1.24', value: Uint8Array.of(0x30, 3, 2, 1, 5) }],
});
const withoutEku = await leaf(root, eku());
const expiredClient = await leaf(root, { ...eku('clientAuth'), ...past });
const spki = new X509Certificate(root.certificateDer).publicKey.export({ type: 'spki', format: 'der' });

await write(
  'matrix-row.ts',
  `import type { TlsErrorCode } from '@org/tls-core';
import type { CertificateFault } from '@org/tls-core/backend';

/** One chain of a server for \`serverName\`, by default \`localhost\`, and what its client has to answer. */
export interface MatrixRow {
  readonly id: string;
  readonly title: string;
  /** \`accept\`, or the codes of which the refusal must have one. */
  readonly verdict: 'accept' | readonly TlsErrorCode[];
  /** The fault that the refusal must name, by its advice; \`undefined\` where verifiers of good name find different ones. */
  readonly fault?: CertificateFault;
  /** The certificates as DER in Base64, leaf first; all leaves have the matrix's key. */
  readonly chain: readonly string[];
  /** The leaf for the matrix's RSA key, which differs from the first of the chain by that alone. */
  readonly rsaLeaf: string;
  readonly serverName?: string;
  /** The root to trust, where it is another one than the matrix's. */
  readonly trust?: string;
  /** Whether a server may refuse to load the chain. */
  readonly mayNotLoad?: boolean;
}

/** The private keys as PKCS#8 in Base64. */
export const matrixPrivateKey = ${JSON.stringify(base64(keyHolder.privateKeyDer))};
export const matrixRsaPrivateKey = ${JSON.stringify(base64(rsaKeyHolder.privateKeyDer))};

/** The root as DER in Base64. */
export const matrixRoot = ${JSON.stringify(base64(root.certificateDer))};

/** The root as a trust anchor: its name and its key (RFC 5280 §6.1.1 (d)), as DER in Base64. */
export const matrixAnchor = ${JSON.stringify({ subject: base64(name('Matrix Root')), subjectPublicKeyInfo: base64(spki) })};

/** Leaves for \`localhost\` that only some configurations accept: one that must staple (RFC 7633), one without an extKeyUsage, and an
 * expired one for clients. */
export const matrixLeaves = ${JSON.stringify({ mustStaple: base64(mustStaple.certificateDer), withoutEku: base64(withoutEku.certificateDer), expiredClient: base64(expiredClient.certificateDer) })};
`,
);
const isOdd = ({ id }) => id.startsWith('odd-');
await writeRows('odd-forms.ts', 'oddRows', rows.filter(isOdd));
const isAboutNames = ({ id }) => /^(?:name|constraint)-/u.test(id);
await writeRows('names.ts', 'nameRows', rows.filter(isAboutNames));
const begin = rows.findIndex(({ id }) => id === 'no-eku');
await writeRows('paths.ts', 'pathRows', rows.slice(0, begin));
const others = rows.slice(begin).filter((each) => !isAboutNames(each) && !isOdd(each));
await writeRows('purposes.ts', 'purposeRows', others);

function writeRows(file, constant, some) {
  const type = "import type { MatrixRow } from './matrix-row.ts';";
  return write(file, `${type}\n\nexport const ${constant}: readonly MatrixRow[] = ${JSON.stringify(some)};\n`);
}

async function write(file, text) {
  const folder = new URL('../src/certificate-matrix/', import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(
    new URL(file, folder),
    `// The script scripts/make-certificate-matrix.mjs writes this file.\n${text}`,
  );
}

function base64(der) {
  return Buffer.from(der).toString('base64');
}

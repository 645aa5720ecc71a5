// The rows of the certificate matrix that have what CAs and tools really make.
import { createRoot } from '@org/pki';
import { dns, sequence, tagged } from './der-elements.mjs';

const bad = 'ERR_TLS_CERTIFICATE_BAD';
const oid = { san: '2.5.29.17', constraints: '2.5.29.30' };
const raw = (...subtrees) => ({ oid: oid.constraints, critical: true, value: sequence(...subtrees) });
const permitted = (name) => tagged(0xa0, sequence(name));
const excluded = (name) => tagged(0xa1, sequence(name));
const extra = (...extensions) => ({ extensions });
const integer = (...bytes) => tagged(0x02, Uint8Array.of(...bytes));
const base64 = (der) => Buffer.from(der).toString('base64');

/** @param matrix how a row is added, the matrix's root, and how leaves and CAs are issued */
export async function addOddForms(matrix) {
  const { row } = matrix;
  const odd = (id, title, verdict, chain, more = {}) => row(`odd-${id}`, title, verdict, chain, more);
  const all = { ...matrix, odd };
  await addNames(all);
  await addEncodings(all);
  await addSerialNumbers(all);
  await addLeaves(all);
  await addConstraints(all);
  await addPolicies(all);
}

async function addNames({ odd, root, leaf, ca, validity }) {
  odd(
    'underscore',
    'a host name with an underscore, as Docker has them',
    'accept',
    [await leaf(root, { names: ['my_service'] })],
    { serverName: 'my_service' },
  );
  odd(
    'underscore-wildcard',
    'a host name with an underscore under a wildcard',
    'accept',
    [await leaf(root, { names: ['*.example.test'] })],
    { serverName: 'a_b.example.test' },
  );
  const oldRoot = await createRoot({ ...validity, commonName: 'Matrix Old Root', version: 1 });
  odd('root-version-1', 'RFC 5280 §6.1.1 (d) a root of version 1', 'accept', [await leaf(oldRoot)], {
    trust: base64(oldRoot.certificateDer),
  });
  const bareRoot = await createRoot({ ...validity, commonName: 'Matrix Bare Root', omitBasicConstraints: true });
  odd(
    'root-without-basic-constraints',
    'RFC 5280 §6.1.1 (d) a root without basicConstraints',
    'accept',
    [await leaf(bareRoot)],
    { trust: base64(bareRoot.certificateDer) },
  );
  const written = await ca(root, { commonName: 'Matrix  Case' });
  const alike = await ca(root, { commonName: 'MATRIX case', sameKeyAs: written });
  odd('name-in-other-letters', 'RFC 5280 §7.1 an issuer in other letters and with other spaces', 'accept', [
    await leaf(alike),
    written,
  ]);
}

/** Encodings that differ from the usual ones and mean the same. */
async function addEncodings({ odd, root, leaf, ca, validity }) {
  const rsaRoot = await createRoot({ ...validity, commonName: 'Matrix RSA Root', algorithm: 'rsa-2048' });
  odd(
    'rsa-without-null',
    'RFC 4055 §5 an RSA signature whose algorithm has no parameters',
    'accept',
    [await leaf(rsaRoot, { signatureParameters: 'absent' })],
    { trust: base64(rsaRoot.certificateDer) },
  );
  odd('ecdsa-with-null', 'an ECDSA signature whose algorithm has parameters that are NULL', 'accept', [
    await leaf(root, { signatureParameters: 'null' }),
  ]);
  const written = await ca(root, { commonName: 'Matrix Strings', nameString: 'printable' });
  const alike = await ca(root, { commonName: 'Matrix Strings', sameKeyAs: written });
  odd(
    'name-in-another-string',
    'RFC 5280 §7.1 an issuer in a UTF8String, whose subject is a PrintableString',
    'accept',
    [await leaf(alike), written],
  );
}

async function addSerialNumbers({ odd, root, leaf }) {
  for (const [id, title, serialNumber] of [
    ['serial-zero', 'a serial number of zero', [0]],
    ['serial-negative', 'a negative serial number', [0x80]],
    ['serial-long', 'a serial number of 24 octets', Array.from({ length: 24 }, () => 0x5a)],
  ]) {
    odd(id, title, 'accept', [await leaf(root, { serialNumber: Uint8Array.from(serialNumber) })]);
  }
}

async function addLeaves({ odd, root, leaf }) {
  odd('leaf-path-length', 'a pathLenConstraint where cA is not asserted', 'accept', [
    await leaf(root, {
      omitBasicConstraints: true,
      ...extra({ oid: '2.5.29.19', critical: true, value: sequence(integer(0)) }),
    }),
  ]);
  odd('leaf-cert-sign', 'a leaf whose keyUsage has keyCertSign too', 'accept', [
    await leaf(root, { keyUsage: ['digitalSignature', 'keyCertSign'] }),
  ]);
  odd('leaf-constraints', 'a leaf with nameConstraints', 'accept', [
    await leaf(root, { nameConstraints: { permitted: ['localhost'] } }),
  ]);
  odd('empty-subject', 'an empty subject with names that are not critical', 'accept', [
    await leaf(root, { names: [], commonName: '', ...extra({ oid: oid.san, value: sequence(dns('localhost')) }) }),
  ]);
  odd('empty-name', 'an empty dNSName beside a good one', 'accept', [
    await leaf(root, {
      names: [],
      commonName: 'a name',
      ...extra({ oid: oid.san, value: sequence(dns(''), dns('localhost')) }),
    }),
  ]);
}

async function addConstraints({ odd, root, leaf, ca }) {
  const dotted = (subtree) => ca(root, { commonName: 'Matrix Dotted', extensions: [raw(subtree)] });
  odd(
    'dot-permitted',
    'a constraint with a leading dot stands for the subdomains',
    'accept',
    [await leaf(await dotted(permitted(tagged(0x82, '.example.test'))), { names: ['www.example.test'] })],
    { serverName: 'www.example.test' },
  );
  odd(
    'dot-excluded',
    'a constraint with a leading dot excludes the subdomains',
    bad,
    [await leaf(await dotted(excluded(tagged(0x82, '.example.test'))), { names: ['www.example.test'] })],
    { serverName: 'www.example.test' },
  );
  odd('mail-permitted', 'RFC 5280 §4.2.1.10 a mail address within', 'accept', [
    await leaf(await dotted(permitted(tagged(0x81, 'example.test'))), {
      names: [],
      commonName: 'a name',
      ...extra({ oid: oid.san, value: sequence(dns('localhost'), tagged(0x81, 'a@example.test')) }),
    }),
  ]);
  odd('mail-not-permitted', 'RFC 5280 §6.1.3 (b) a mail address outside', bad, [
    await leaf(await dotted(permitted(tagged(0x81, 'example.test'))), {
      names: [],
      commonName: 'a name',
      ...extra({ oid: oid.san, value: sequence(dns('localhost'), tagged(0x81, 'a@example.org')) }),
    }),
  ]);
  odd('uri-permitted', 'RFC 5280 §4.2.1.10 a URI within', 'accept', [
    await leaf(await dotted(permitted(tagged(0x86, '.example.test'))), {
      names: [],
      commonName: 'a name',
      ...extra({ oid: oid.san, value: sequence(dns('localhost'), tagged(0x86, 'spiffe://a.example.test/b')) }),
    }),
  ]);
}

async function addPolicies({ odd, root, leaf, ca }) {
  const policy = tagged(0x06, Uint8Array.of(0x2b, 6, 1, 4, 1, 1));
  const policies = { oid: '2.5.29.32', value: sequence(sequence(policy)) };
  const demanding = { oid: '2.5.29.36', critical: true, value: sequence(tagged(0x80, Uint8Array.of(0))) };
  const demandingCa = await ca(root, { commonName: 'Matrix Demanding', ...extra(policies, demanding) });
  odd('policy-held', 'RFC 5280 §6.1.3 (d) a policy that a CA demands and the leaf has', 'accept', [
    await leaf(demandingCa, extra(policies)),
  ]);
  odd('policy-missing', 'RFC 5280 §6.1.3 (f) a policy that a CA demands and the leaf lacks', bad, [
    await leaf(demandingCa),
  ]);
  odd('any-policy-inhibited', 'RFC 5280 §4.2.1.14 a CA below which anyPolicy stands for nothing', 'accept', [
    await leaf(await ca(root, extra({ oid: '2.5.29.54', critical: true, value: integer(0) }))),
  ]);
}

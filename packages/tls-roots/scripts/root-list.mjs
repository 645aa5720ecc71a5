import { createHash, X509Certificate } from 'node:crypto';
import { appliedConstraints } from './applied-constraints.mjs';
import { elementsOf } from './der.mjs';

/**
 * One row per certificate, sorted by fingerprint, so that a new list differs where the roots do.
 * @param pems as `tls.rootCertificates`
 * @returns per row: text (subject, SubjectPublicKeyInfo and NameConstraints if any, base64 with a space between) and comment
 */
export function rowsOf(pems) {
  return pems
    .map((pem) => new X509Certificate(pem))
    .toSorted((left, right) => (left.fingerprint256 < right.fingerprint256 ? -1 : 1))
    .map((certificate) => ({ text: textOf(certificate), comment: commentOf(certificate) }));
}

/** SHA-256 over the rows, a line each. */
export function digestOf(texts) {
  return createHash('sha256').update(texts.join('\n')).digest('hex');
}

/** The source file. */
export function fileOf(rows, { date, node, nss }) {
  const texts = rows.map(({ text }) => text);
  return `// The script scripts/generate.mjs writes this file; it is not to be changed by hand.

/** Where the list comes from: it was made on this day, of the list that this Node has from this NSS. The digest is SHA-256 over the rows. */
export const origin = {
  date: '${date}',
  node: '${node}',
  nss: '${nss}',
  sha256: '${digestOf(texts)}',
} as const;

/** Each row has a subject, a SubjectPublicKeyInfo and perhaps NameConstraints, as DER in Base64. They are sorted by the certificates' SHA-256. */
export const rows: readonly string[] = [
${rows.map(({ text, comment }) => `  // ${comment}\n  '${text}',\n`).join('')}];
`;
}

function textOf({ raw, fingerprint256 }) {
  const [tbsCertificate] = elementsOf(elementsOf(raw)[0].contents);
  // without the version, which may be absent: serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, …
  const fields = elementsOf(tbsCertificate.contents).filter(({ tag }) => tag !== 0xa0);
  const own = extensionOf(fields, nameConstraintsOid);
  const applied = appliedConstraints(fingerprint256);
  if (own !== undefined && applied !== undefined)
    throw new Error(`${fingerprint256}: two sets of constraints, of which an anchor can have one`);
  const parts = [fields[4].raw, fields[5].raw, own ?? applied].filter((part) => part !== undefined);
  return parts.map((part) => part.toString('base64')).join(' ');
}

/** The value of an extension (RFC 5280 §4.1.2.9). */
function extensionOf(fields, oid) {
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  if (extensions === undefined) return undefined;
  for (const { contents } of elementsOf(elementsOf(extensions.contents)[0].contents)) {
    const parts = elementsOf(contents);
    if (parts[0].contents.equals(oid)) return parts.at(-1).contents;
  }
  return undefined;
}

const nameConstraintsOid = Buffer.of(0x55, 0x1d, 0x1e);

/** What a reviewer looks a root up by. */
function commentOf({ subject, validTo, fingerprint256 }) {
  const attributes = subject.split('\n');
  const of = (type) => attributes.find((attribute) => attribute.startsWith(`${type}=`))?.slice(type.length + 1);
  const name = of('CN') ?? of('OU') ?? '';
  const until = new Date(validTo).toISOString().slice(0, 10);
  return `${name}, ${of('O') ?? ''}, until ${until}, SHA-256 ${fingerprint256.replaceAll(':', '').toLowerCase()}`;
}

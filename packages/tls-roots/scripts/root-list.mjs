import { createHash, X509Certificate } from 'node:crypto';
import { contextTag, DerReader, DerTag, Oid } from '@org/tls-crypto/der';
import { appliedConstraints } from './applied-constraints.mjs';

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
  const { subject, subjectPublicKeyInfo, nameConstraints } = partsOf(raw);
  const applied = appliedConstraints(fingerprint256);
  if (nameConstraints !== undefined && applied !== undefined)
    throw new Error(`${fingerprint256}: two sets of constraints, of which an anchor can have one`);
  const parts = [subject, subjectPublicKeyInfo, nameConstraints ?? applied].filter((part) => part !== undefined);
  return parts.map((part) => Buffer.from(part).toString('base64')).join(' ');
}

/** The parts of a certificate that an anchor has (RFC 5280 §4.1). */
function partsOf(certificate) {
  const fields = new DerReader(certificate, 'a root').sequence().sequence();
  fields.enterOptional(version);
  // serialNumber, signature, issuer, validity
  for (let skipped = 0; skipped < 4; skipped += 1) fields.any();
  const subject = fields.any().raw;
  const subjectPublicKeyInfo = fields.any().raw;
  return { subject, subjectPublicKeyInfo, nameConstraints: nameConstraintsIn(fields) };
}

/** The value of the extension, if there is one. No root in use has the unique identifiers that could stand before the extensions. */
function nameConstraintsIn(fields) {
  const list = fields.enterOptional(extensions)?.sequence();
  while (list?.isAtEnd === false) {
    const extension = list.sequence();
    const oid = extension.objectIdentifier();
    if (extension.peek() === DerTag.boolean) extension.boolean();
    const value = extension.contents(DerTag.octetString);
    if (oid === Oid.nameConstraints) return value;
  }
  fields.end();
  return undefined;
}

const version = contextTag(0, true);
const extensions = contextTag(3, true);

/** What a reviewer looks a root up by. */
function commentOf({ subject, validTo, fingerprint256 }) {
  const attributes = subject.split('\n');
  const of = (type) => attributes.find((attribute) => attribute.startsWith(`${type}=`))?.slice(type.length + 1);
  const name = of('CN') ?? of('OU') ?? '';
  const until = new Date(validTo).toISOString().slice(0, 10);
  return `${name}, ${of('O') ?? ''}, until ${until}, SHA-256 ${fingerprint256.replaceAll(':', '').toLowerCase()}`;
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anchorsFrom } from '@org/x509';
import { expect, it } from 'vitest';
import { mozillaRoots, mozillaRootsOrigin } from '../src/index.ts';
import { rows } from '../src/mozilla-list.ts';

const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

it('the list is the one that its SHA-256 was made of', () => {
  const digest = createHash('sha256').update(rows.join('\n')).digest('hex');
  expect(digest).toBe(mozillaRootsOrigin.sha256);
});

it('every root is a trust anchor that the verifier takes, and no two are the same', () => {
  for (const root of mozillaRoots) {
    const [found] = anchorsFrom(root).findBySubject(root.subject);
    expect(found?.publicKey.spki).toEqual(root.subjectPublicKeyInfo);
    expect(found?.subject.isEmpty).toBe(false);
  }
  expect(anchorsFrom(mozillaRoots).count).toBe(mozillaRoots.length);
  expect(mozillaRoots.length).toBeGreaterThan(100);
});

it('the bytes are those of the rows, to the bit', () => {
  const texts = mozillaRoots.map(({ subject, subjectPublicKeyInfo, nameConstraints }) =>
    [subject, subjectPublicKeyInfo, ...(nameConstraints === undefined ? [] : [nameConstraints])].map(encoded).join(' '),
  );
  expect(texts).toEqual(rows);
});

it('the constraint that Mozilla puts on TUBITAK Kamu SM is in the list, and no other', () => {
  const constrained = mozillaRoots.filter(({ nameConstraints }) => nameConstraints !== undefined);
  expect(constrained).toHaveLength(1);
  const [root] = constrained;
  if (root === undefined) throw new Error('expected a root');
  expect(Buffer.from(root.subject).toString('latin1')).toContain('TUBITAK Kamu SM SSL Kok Sertifikasi - Surum 1');
  const [found] = anchorsFrom(root).findBySubject(root.subject);
  const domains = found?.nameConstraints?.permitted.map((name) => (name.kind === 'dns' ? name.name : name.kind));
  expect(domains?.toSorted()).toEqual([
    'bel.tr',
    'edu.tr',
    'gov.tr',
    'k12.tr',
    'kep.tr',
    'mil.tr',
    'org.tr',
    'pol.tr',
    'tsk.tr',
  ]);
  expect(found?.nameConstraints?.excluded).toEqual([]);
});

it('the README says what the list was made of', async () => {
  const readme = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const { date, node, nss } = mozillaRootsOrigin;
  expect(readme).toContain(
    `The list has ${mozillaRoots.length} roots. It was made on ${date} from Node ${node}, which has the list of NSS ${nss}.`,
  );
});

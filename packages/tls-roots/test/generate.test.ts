import { execFile } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { otherNodes } from '@org/node-matrix';
import { parseCertificate } from '@org/x509';
import { describe, expect, it } from 'vitest';
import { mozillaRoots, mozillaRootsOrigin } from '../src/index.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '..');

interface NodeList {
  readonly version: string;
  readonly roots: readonly string[];
}

/** By a file: what a process writes to a pipe as it ends may be cut short. */
async function listOf(node: string): Promise<NodeList> {
  const scratch = await mkdtemp(join(tmpdir(), 'tls-roots-'));
  const path = join(scratch, 'list.json');
  const code = `const { rootCertificates: roots } = require('node:tls');
    require('node:fs').writeFileSync(process.argv[1], JSON.stringify({ version: process.versions.node, roots }));`;
  try {
    await run(node, ['-e', code, path]);
    return JSON.parse(await readFile(path, 'utf8')) as NodeList;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** What the script writes under this Node. */
async function generated(node: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'tls-roots-'));
  try {
    for (const part of ['scripts', 'src', 'README.md'])
      await cp(join(folder, part), join(copy, part), { recursive: true });
    await symlink(join(folder, 'node_modules'), join(copy, 'node_modules'), 'junction');
    const { date, nss } = mozillaRootsOrigin;
    await run(node, [join(copy, 'scripts', 'generate.mjs'), '--nss', nss, '--date', date]);
    return await readFile(join(copy, 'src', 'mozilla-list.ts'), 'utf8');
  } finally {
    await rm(copy, { recursive: true });
  }
}

const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const subjectByKey = new Map(
  mozillaRoots.map(({ subject, subjectPublicKeyInfo }) => [key(subjectPublicKeyInfo), subject]),
);
/** Roots come and go; that so many stay is true of any two versions within some years. */
const leastCommon = 90;

describe.each([['the running Node', process.execPath], ...otherNodes] as const)(
  'against the list of %s',
  (_name, node) => {
    it('the script makes the same file from the same version, and a file of the same form from another', async () => {
      const file = await generated(node);
      const { version, roots } = await listOf(node);
      const stored = await readFile(join(folder, 'src', 'mozilla-list.ts'), 'utf8');
      const isSame = version === mozillaRootsOrigin.node;
      expect(file === stored).toBe(isSame);
      const withoutRows = (text: string): string => text.replaceAll(/^ {2}(?:\/\/|'[A-Za-z0-9+/= ]+',$).*\n/gm, '');
      const withoutOrigin = (text: string): string => text.replaceAll(/^ {2}(?:node|sha256): '[0-9a-f.]+',$/gm, '');
      expect(withoutOrigin(withoutRows(file))).toBe(withoutOrigin(withoutRows(stored)));
      expect(file.match(/^ {2}'/gm)).toHaveLength(roots.length);
    });

    it('the roots that both have are the same names and keys, and the keys verify their signatures', async () => {
      const { roots } = await listOf(node);
      let common = 0;
      for (const pem of roots) {
        const certificate = new X509Certificate(pem);
        const { subject, publicKey } = parseCertificate(certificate.raw);
        const own = subjectByKey.get(key(publicKey.spki));
        if (own === undefined) continue;
        common += 1;
        expect(key(own)).toBe(key(subject.der));
        const spki = createPublicKey({ key: Buffer.from(publicKey.spki), type: 'spki', format: 'der' });
        expect(certificate.verify(spki), certificate.subject).toBe(true);
      }
      expect(common).toBeGreaterThanOrEqual(leastCommon);
    });
  },
);

it('the script refuses to guess the version of NSS', async () => {
  await expect(run(process.execPath, [join(folder, 'scripts', 'generate.mjs')])).rejects.toMatchObject({ code: 1 });
});

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRoot } from '@org/pki';

/**
 * Makes the files that examples read from `certs`, by the names that `tls cert --out certs localhost` gives them.
 * @returns the folder, which is the caller's to remove
 */
export async function makeExampleCertificates(): Promise<string> {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  const folder = await mkdtemp(join(tmpdir(), 'tls-docs-'));
  await writeFile(join(folder, 'root.pem'), root.certificatePem);
  await writeFile(join(folder, 'localhost.pem'), leaf.chainPem);
  await writeFile(join(folder, 'localhost.key'), leaf.privateKeyPem);
  return folder;
}

/** What has to be changed in an example so that it reads them from there. */
export function readFrom(folder: string): Readonly<Record<string, string>> {
  return { "'certs/": `'${folder}/` };
}

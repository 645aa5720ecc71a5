import { join } from 'node:path';
import { certificateFolders, type CertificateFolders } from './certificate-folders.ts';

/** Where the files of `npx tls cert --out certs localhost` are, which README and start pages read. */
export interface ExampleCertificates extends Pick<CertificateFolders, 'remove'> {
  readonly folder: string;
}

export async function makeExampleCertificates(): Promise<ExampleCertificates> {
  const folders = certificateFolders();
  const folder = join(await folders.copyFor([['cert', '--out', 'certs', 'localhost']]), 'certs');
  return { folder, remove: () => folders.remove() };
}

/** What has to be changed in an example so that it reads them from there. */
export function readFrom({ folder }: ExampleCertificates): Readonly<Record<string, string>> {
  return { "'certs/": `'${folder}/` };
}

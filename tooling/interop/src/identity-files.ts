import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRoot, type KeyAlgorithm } from '@org/pki';
import type { PemFiles } from './peer.ts';

/** A throw-away CA with a leaf for `localhost`, as text for us and as files for the peers. */
export interface IdentityFiles extends AsyncDisposable {
  readonly files: PemFiles;
  readonly trust: string;
  readonly identity: { readonly certificateChain: string; readonly privateKey: string };
}

export async function makeIdentity(algorithm: KeyAlgorithm = 'ecdsa-p256'): Promise<IdentityFiles> {
  const root = await createRoot({ commonName: 'Throw-away CA of the interop tests' });
  const leaf = await root.issue({ names: ['localhost', '127.0.0.1', '::1'], algorithm });
  const folder = await mkdtemp(path.join(tmpdir(), 'tls-interop-'));
  const files: PemFiles = {
    folder,
    ca: path.join(folder, 'ca.pem'),
    chain: path.join(folder, 'chain.pem'),
    key: path.join(folder, 'key.pem'),
  };
  await writeFile(files.ca, root.certificatePem);
  await writeFile(files.chain, leaf.chainPem);
  await writeFile(files.key, leaf.privateKeyPem, { mode: 0o600 });
  return {
    files,
    trust: root.certificatePem,
    identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

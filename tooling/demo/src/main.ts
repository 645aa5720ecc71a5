import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createRoot } from '@org/pki';
import { clientRows } from './client-rows.ts';
import type { PemFiles } from './peers.ts';
import { serverRows } from './server-rows.ts';
import { formatTable } from './table.ts';

const backends = ['pure', 'native'] as const;

const startedAt = performance.now();
const root = await createRoot({ commonName: 'Throw-away CA of the demo' });
const leaf = await root.issue({ names: ['localhost', '127.0.0.1', '::1'] });
const folder = await mkdtemp(path.join(tmpdir(), 'tls-demo-'));
try {
  const files: PemFiles = {
    ca: path.join(folder, 'ca.pem'),
    chain: path.join(folder, 'chain.pem'),
    key: path.join(folder, 'key.pem'),
  };
  await writeFile(files.ca, root.certificatePem);
  await writeFile(files.chain, leaf.chainPem);
  await writeFile(files.key, leaf.privateKeyPem, { mode: 0o600 });

  const identity = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
  const rows = [
    ...(await clientRows(backends, files, root.certificatePem)),
    ...(await serverRows(backends, files, identity)),
  ];
  const failed = rows.filter((row) => row.failure !== undefined).length;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${formatTable(rows)}\n\n`);
  process.stdout.write(
    `${rows.length - failed} of ${rows.length} passed in ${seconds} s. What differs from row to row is one line: tls: { backend: 'pure' } or 'native'.\n`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

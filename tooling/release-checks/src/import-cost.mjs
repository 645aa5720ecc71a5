// Measures what an import of the main entries costs, as packages are packed: node import-cost.mjs [WORKSPACE …], where each is a built
// checkout; default: this one. Runs of several alternate. Prints medians of nine: CPU in milliseconds, and MiB that live in V8's heap.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkForeign } from './import-faults.mjs';
import { packPublicPackages } from './pack.mjs';
import { costOf, median } from './start-cost.mjs';

const rounds = 9;
const entries = [
  'tls-core/node',
  'tls-crypto',
  'x509',
  'tls-pure',
  'tls-native',
  'node-tls',
  'http-client',
  'tls-identity',
];

function packed(workspace, folder) {
  const archives = packPublicPackages(workspace, folder);
  for (const archive of archives) linkForeign(archive, folder);
}

const here = fileURLToPath(new URL('../../..', import.meta.url));
const workspaces = process.argv.length > 2 ? process.argv.slice(2).map((each) => resolve(each)) : [here];
const folders = workspaces.map(() => mkdtempSync(join(tmpdir(), 'import-cost-')));
try {
  for (const [index, folder] of folders.entries()) packed(workspaces[index], folder);
  console.log(`Node ${process.versions.node}`);
  for (const entry of entries) {
    const runs = folders.map(() => []);
    for (let round = 0; round < rounds; round++)
      for (const [index, folder] of folders.entries())
        runs[index].push(costOf(process.execPath, folder, `@org/${entry}`));
    const columns = runs.map((each) =>
      [0, 1].map((part) => median(each.map((run) => run[part])).toFixed(1)).join(' ms '),
    );
    console.log(`@org/${entry}: ${columns.map((column) => `${column} MiB`).join(' | ')}`);
  }
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

// Writes what an install and a start of each public package cost into its README. It runs on a built workspace.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureFigures } from './figures.mjs';
import { linkForeign } from './import-faults.mjs';
import { packPublicPackages } from './pack.mjs';
import { withFigures } from './size-text.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'sizes-'));
try {
  const archives = packPublicPackages(root, folder);
  for (const archive of archives) linkForeign(archive, folder);
  const figures = await measureFigures(archives, folder, 9);
  for (const { name, source } of archives) {
    const readme = join(source, 'README.md');
    writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), figures.get(name)));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// Packs every public package as a release would and checks the archives. It runs on a built workspace, and ends with 1 and one line for
// each fault when a user would get something wrong.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archiveFaults } from './archive-faults.mjs';
import { bundleFaults } from './bundle-faults.mjs';
import { importFaults, linkForeign } from './import-faults.mjs';
import { installFaults } from './install-faults.mjs';
import { measureFigures } from './figures.mjs';
import { packPublicPackages } from './pack.mjs';
import { sizeFaults } from './size-faults.mjs';
import { startFaults } from './start-faults.mjs';
import { staleFaults } from './stale-faults.mjs';
import { toolFaults } from './tool-faults.mjs';
import { typeFaults } from './type-faults.mjs';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const folder = mkdtempSync(join(tmpdir(), 'release-checks-'));
try {
  const archives = packPublicPackages(root, folder);
  for (const archive of archives) linkForeign(archive, folder);
  const faults = archives.flatMap((archive) => [
    ...archiveFaults(archive, archives, root),
    ...staleFaults(archive),
    ...toolFaults(archive),
    ...importFaults(archive),
    ...startFaults(archive),
  ]);
  faults.push(...typeFaults(archives, folder), ...(await bundleFaults(folder)));
  faults.push(...(await staleFigures(archives, folder)));
  faults.push(...(await installFaults(archives, join(folder, 'installed'))));
  for (const { name, files } of archives) console.log(`${name}: ${files.length} files`);
  for (const fault of faults) console.error(fault);
  console.log(`${archives.length} packages, ${faults.length} faults`);
  process.exitCode = faults.length === 0 && archives.length > 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A busy machine may spoil a measurement, so that what is found is looked at again, three times as long. */
async function staleFigures(all, unpacked) {
  const faultsOf = (figures) => all.flatMap((archive) => sizeFaults(archive, figures.get(archive.name)));
  const found = faultsOf(await measureFigures(all, unpacked, 5));
  return found.length === 0 ? [] : faultsOf(await measureFigures(all, unpacked, 15));
}

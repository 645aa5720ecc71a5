// Packs every public package of this workspace, as a release does: `pack.mjs FOLDER`. The archives are in FOLDER/tarballs.

import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPublicPackages } from '@org/release-checks/pack';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: pack.mjs FOLDER');
for (const { tarball } of packPublicPackages(root, resolve(folder))) console.log(tarball);

import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What an install of a package brings.
 * @param {any} archive what was packed
 * @param {readonly any[]} archives all that were packed
 * @returns {{ own: number, dependencies: number, all: number, hasBinaries: boolean }} bytes of its own files, how many other packages come along, and
 *   bytes of them all. Binaries do not count: a release has one for each platform, and a checkout has its own alone.
 */
export function installedSize(archive, archives) {
  const ours = new Map(archives.map((each) => [each.name, each]));
  const folders = new Map();
  const visit = (name, from) => {
    const folder = ours.get(name)?.unpacked ?? foreignFolder(name, from);
    if (folders.has(folder)) return;
    folders.set(folder, bytesBelow(folder));
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) visit(dependency, ours.get(name)?.source ?? folder);
  };
  visit(archive.name, archive.source);
  const all = [...folders.values()].reduce((sum, bytes) => sum + bytes, 0);
  const hasBinaries = existsSync(join(archive.unpacked, 'prebuilds'));
  return { own: folders.get(archive.unpacked), dependencies: folders.size - 1, all, hasBinaries };
}

/** Where a package finds another, as Node looks for it, without links. */
function foreignFolder(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (folder === dirname(folder)) throw new Error(`${from}: ${name} is not installed`);
  }
}

function bytesBelow(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'prebuilds') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += bytesBelow(path);
    else if (entry.isFile()) bytes += statSync(path).size;
  }
  return bytes;
}

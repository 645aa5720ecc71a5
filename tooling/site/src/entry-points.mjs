import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What programs import of each public package, by the name that they import it by, and the source file behind it.
 * @param {string} root
 * @returns {ReadonlyMap<string, string>}
 */
export function entryPointsOf(root) {
  /** @type {Map<string, string>} */
  const entries = new Map();
  for (const folder of readdirSync(join(root, 'packages')).sort()) {
    const path = join(root, 'packages', folder);
    if (!existsSync(join(path, 'package.json'))) continue;
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    if (manifest.private === true) continue;
    for (const [entry, conditions] of Object.entries(manifest.exports)) {
      const source = conditions['@org/source'];
      if (typeof source !== 'string') throw new Error(`${manifest.name}: ${entry} has no source`);
      entries.set(join(manifest.name, entry).replaceAll('\\', '/'), join(path, source));
    }
  }
  return entries;
}

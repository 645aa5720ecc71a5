import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Imports every entry of an unpacked package in a process of its own. Our packages come from the archives, others by `linkForeign`. An
 * entry that is made for a test runner is imported by its tests only: that is every entry of a package that needs one, and `./test` or
 * `./vitest` of one that can do without.
 */
export function importFaults({ name, unpacked, manifest }) {
  if (manifest.exports === undefined) return [];
  const entries = Object.keys(manifest.exports).filter((entry) => !isForTestRunner(manifest, entry));
  return entries.flatMap((entry) => {
    const specifier = name + entry.slice(1);
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', `await import('${specifier}')`],
      {
        cwd: unpacked,
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    return status === 0 ? [] : [`${name}: import of ${specifier} fails:\n${stderr}`];
  });
}

export function isForTestRunner({ peerDependencies, peerDependenciesMeta }, entry) {
  if (peerDependencies?.vitest === undefined) return false;
  return peerDependenciesMeta?.vitest?.optional !== true || ['./test', './vitest'].includes(entry);
}

/** Puts what a package depends on, from the workspace, beside the unpacked packages. */
export function linkForeign({ source, manifest }, folder) {
  for (const dependency of Object.keys(manifest.dependencies ?? {}).filter((each) => !each.startsWith('@org/'))) {
    const link = join(folder, 'node_modules', dependency);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(source, 'node_modules', dependency), link, 'dir');
  }
}

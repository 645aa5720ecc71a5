import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Packs all packages that are not private and unpacks them beside each other, as an install would. The hook `prepack` of each builds it,
 * one after the other: two builds at once would write over what is being packed.
 * @param root the workspace's root
 * @param folder an empty folder; the packages are put into its node_modules
 * @param env the environment of pnpm and of the hooks
 * @returns for each package: name, source (folder in the workspace), tarball, unpacked (folder), manifest, files (sorted)
 */
export function packPublicPackages(root, folder, env = process.env) {
  return publicPackages(root).map(({ source, name }) => {
    const tarballs = join(folder, 'tarballs', name);
    mkdirSync(tarballs, { recursive: true });
    execFileSync('pnpm', ['pack', '--pack-destination', tarballs], {
      cwd: source,
      env: withoutForce(env),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const tarball = join(tarballs, readdirSync(tarballs)[0] ?? '');
    const unpacked = join(folder, 'node_modules', name);
    mkdirSync(unpacked, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
    const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
    return { name, source, tarball, unpacked, manifest, files: filesBelow(unpacked) };
  });
}

/** With TURBO_FORCE, each package would build anew all that it depends on, though an earlier one has just done so. */
function withoutForce(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'TURBO_FORCE'));
}

/** Finds the packages that are not private: the name of each, and its folder. */
export function publicPackages(root) {
  const found = [];
  for (const parent of ['packages', 'apps', 'tooling']) {
    for (const entry of readdirSync(join(root, parent))) {
      const path = join(root, parent, entry, 'package.json');
      if (!existsSync(path)) continue;
      const { name, private: isPrivate } = JSON.parse(readFileSync(path, 'utf8'));
      if (isPrivate !== true) found.push({ name, source: dirname(path) });
    }
  }
  return found;
}

function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true }).map((entry) => join(folder, entry));
  return entries
    .filter((path) => statSync(path).isFile())
    .map((path) => relative(folder, path).replaceAll('\\', '/'))
    .sort();
}

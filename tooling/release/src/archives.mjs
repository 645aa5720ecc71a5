import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

// This file and what imports it in `publish.mjs` and `tag.mjs` need nothing but Node: where they run there is no node_modules, and so nobody
// else's code beside the right to publish.

/**
 * Finds the archives below a folder.
 * @returns the path and the manifest of each, what a package depends on before it
 */
export function readArchives(folder) {
  const paths = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(resolve(folder), name));
  return inOrder(paths.map((path) => ({ path, manifest: manifestOf(path) })));
}

/**
 * Puts archives into the order in which they are published: who installs a package in that minute finds what it depends on.
 * @throws Error when some depend on each other
 */
export function inOrder(archives) {
  const left = [...archives].sort((one, other) => (one.manifest.name < other.manifest.name ? -1 : 1));
  const ordered = [];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ manifest }) => manifest.name));
    const next = left.findIndex(({ manifest }) =>
      Object.keys(manifest.dependencies ?? {}).every((name) => !waiting.has(name)),
    );
    if (next === -1) throw new Error(`these depend on each other: ${[...waiting].join(', ')}`);
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

/** The tag of a release. */
export function tagOf({ name, version }) {
  return `${name}@${version}`;
}

function manifestOf(path) {
  const { status, stdout, stderr } = spawnSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${path} has no package.json: ${stderr}`);
  return JSON.parse(stdout);
}

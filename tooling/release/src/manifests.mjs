import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicPackages } from '@org/release-checks/pack';

/** Reads the manifests of the public packages of a workspace, with the ranges that they have when they are published. */
export function publishedManifests(root) {
  const manifests = publicPackages(root).map(({ source }) =>
    JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')),
  );
  const versions = new Map(manifests.map(({ name, version }) => [name, version]));
  return manifests.map((manifest) => ({
    ...manifest,
    dependencies: resolved(manifest.dependencies, versions),
    peerDependencies: resolved(manifest.peerDependencies, versions),
  }));
}

function resolved(ranges = {}, versions) {
  return Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, rangeOf(range, versions.get(name))]));
}

/** What pnpm makes of a range of the workspace. */
function rangeOf(range, version) {
  const [, own] = /^workspace:(.*)$/.exec(range) ?? [];
  if (own === undefined) return range;
  return ['^', '~'].includes(own) ? `${own}${version}` : own === '*' ? version : own;
}

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readChangesets } from '../src/changesets.mjs';
import { publishedManifests } from '../src/manifests.mjs';
import { driftFaults, expectedVersions } from '../src/versions.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const manifests = publishedManifests(root);
const changesets = readChangesets(root);

it('the changesets that wait name packages that are published', () => {
  const published = new Set(manifests.map(({ name }) => name));
  const named = changesets.flatMap(({ name, bumps }) => Object.keys(bumps).map((each) => [name, each] as const));
  expect(named.filter(([, each]) => !published.has(each))).toEqual([]);
});

it('the changesets that wait bump each library as far as what it depends on', () => {
  const after = expectedVersions(manifests, changesets);
  const versions = Object.fromEntries(
    manifests.map(({ name, version }) => [name, { before: version, after: after[name] }]),
  );
  expect(driftFaults(manifests, versions)).toEqual([]);
});

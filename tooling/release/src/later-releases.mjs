import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeChangeset } from './changesets.mjs';
import { commitAll } from './clone.mjs';
import { differences } from './differences.mjs';
import { publishAndTag } from './first-release.mjs';
import { installProject, installers } from './installers.mjs';
import { copyFaults } from './project-checks.mjs';
import { driftFaults } from './versions.mjs';

const core = '@org/tls-core';

/** Two packages get new versions on their own: one that breaks nobody who depends on it, one that nobody of ours depends on. */
export async function twoAlone(tally, release, { clone, env }) {
  const bumps = { '@org/tls-fleet': 'patch', '@org/tls-roots': 'minor' };
  writeChangeset(clone, 'two-alone', bumps, 'The check of releases says so.');
  commitAll(clone, env, 'Two packages change');
  const applied = release.applyChangesets();
  await tally.check('two packages are bumped on their own, and no other is', () => [
    ...release.versionFaults(applied),
    ...differences('bumped', bumped(applied.versions), Object.keys(bumps)),
  ]);
  const archives = release.pack();
  await publishAndTag(tally, release, archives, applied.versions);
}

/**
 * tls-core breaks what depends on it. Bumped alone it takes its dependants with it by a patch, which the check of versions must not let through;
 * named with those that are libraries, it gives them a version that nobody gets unasked.
 */
export async function breakingCore(tally, release, { clone, env, folder, registry }) {
  writeChangeset(clone, 'breaking', { [core]: 'minor' }, 'Something is no longer as it was.');
  commitAll(clone, env, 'tls-core changes');
  const alone = release.applyChangesets();
  const dependants = alone.after.filter(({ dependencies }) => dependencies[core] !== undefined);
  await tally.check('tls-core that breaks alone is found, for each library that depends on it', () => {
    const libraries = dependants.filter(({ exports }) => exports !== undefined);
    const found = driftFaults(alone.after, alone.versions);
    return libraries
      .filter(({ name }) => !found.some((fault) => fault.startsWith(`${name} `) && fault.includes(`${core} `)))
      .map(({ name }) => `${name} ${alone.versions[name].after} would go unseen`);
  });
  release.takeBack();

  const former = Object.fromEntries(
    alone.before.filter(({ exports }) => exports !== undefined).map(({ name, version }) => [name, version]),
  );
  writeChangeset(
    clone,
    'breaking',
    Object.fromEntries(Object.keys(former).map((name) => [name, 'minor'])),
    'Something is no longer as it was.',
  );
  commitAll(clone, env, 'tls-core changes, and what stands on it');
  const applied = release.applyChangesets();
  await tally.check('tls-core breaks with all that stands on it: each has a range of the new one', () => [
    ...release.versionFaults(applied),
    ...dependants.flatMap(({ name }) => rangeOfCoreFaults(applied, name)),
  ]);
  for (const { name } of dependants) {
    const { before, after } = applied.versions[name];
    console.log(
      `        ${name} ${before} -> ${after}, tls-core ${rangeOfCore(applied.before, name)} -> ${rangeOfCore(applied.after, name)}`,
    );
  }
  const archives = release.pack();
  await publishAndTag(tally, release, archives, applied.versions);
  await twoUsers(tally, { folder, registry, applied, former });
}

/**
 * Who had the former versions of the libraries keeps them by a new install, and who comes now gets the new ones; nobody gets both. A program is not
 * among the former: its patch is for whoever has it, and brings its own tree.
 */
async function twoUsers(tally, { folder, registry, applied, former }) {
  const [npm] = installers;
  const newest = Object.fromEntries(applied.after.map(({ name, version }) => [name, version]));
  const users = [
    ['who has asked for the former libraries keeps one tls-core, the former', former],
    ['who comes after it gets one tls-core, the new one', newest],
  ];
  for (const [index, [title, versions]] of users.entries()) {
    await tally.check(title, () => {
      const place = join(folder, `after-${index}`);
      mkdirSync(place, { recursive: true });
      const ranges = Object.entries(versions).map(([name, version]) => [name, `^${version}`]);
      installProject(npm, place, registry.url, Object.fromEntries(ranges));
      return copyFaults(place, versions);
    });
  }
}

function bumped(versions) {
  return Object.entries(versions)
    .filter(([, { before, after }]) => before !== after)
    .map(([name]) => name);
}

function rangeOfCoreFaults({ after, versions }, name) {
  const expected = `^${versions[core].after}`;
  const range = rangeOfCore(after, name);
  return range === expected ? [] : [`${name} wants tls-core ${range}, and not ${expected}`];
}

function rangeOfCore(manifests, name) {
  return manifests.find((manifest) => manifest.name === name)?.dependencies[core];
}

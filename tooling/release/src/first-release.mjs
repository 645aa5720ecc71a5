import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { archiveFaults } from '@org/release-checks/archive-faults';
import { publicPackages } from '@org/release-checks/pack';
import { tried } from './command.mjs';
import { differences } from './differences.mjs';
import { versionFaults, versionPairs } from './versions.mjs';

/**
 * Releases what waits, from a clone in which nothing has been built.
 * @returns the archives
 */
export async function firstRelease(tally, release, { clone, env }) {
  await tally.step('nothing is built before packing', () =>
    publicPackages(clone)
      .filter(({ source }) => existsSync(join(source, 'dist')))
      .map(({ name }) => `${name} has a dist: the clone proves nothing`),
  );
  const applied = release.applyChangesets();
  const released = Object.entries(applied.versions).filter(([, { before, after }]) => before !== after);
  await tally.step(
    `${applied.changesets.length} changesets give ${released.length} versions and their changelogs`,
    () => (applied.changesets.length === 0 ? ['no changeset waits'] : release.versionFaults(applied)),
  );
  await tally.check('the commit of the versions is formatted as every other', () => {
    const { status, stdout, stderr } = tried('pnpm', ['run', '--silent', 'format:check'], { cwd: clone, env });
    return status === 0 ? [] : [`${stdout}${stderr}`.trim()];
  });
  let archives = [];
  await tally.step('prepack builds what is packed', () => {
    archives = release.pack();
    return archives.flatMap((archive) => archiveFaults(archive, archives, clone));
  });
  await tally.check('the archives have the versions and ranges that the changesets say', () => {
    const packed = archives.map(({ manifest }) => manifest);
    return versionFaults(applied.before, packed, applied.changesets);
  });
  await publishAndTag(tally, release, archives, versionPairs(applied.before, applied.after));
  return archives;
}

/** Publishes and tags, and looks whether that was all and nothing else. */
export async function publishAndTag(tally, release, archives, versions) {
  const tags = Object.entries(versions)
    .filter(([, { before, after }]) => before !== after)
    .map(([name, { after }]) => `${name}@${after}`);
  await tally.step(`${tags.length} packages are published, each after what it depends on`, () => [
    ...differences('to be published', release.unpublished(archives), tags),
    ...differences('published', release.publish(archives), tags),
  ]);
  await tally.check('a second run publishes nothing', () => differences('published', release.publish(archives), []));
  await tally.check('the registry has each version', async () => {
    const faults = await Promise.all(
      Object.entries(versions).map(async ([name, { after }]) =>
        (await release.versionsInRegistry(name)).includes(after) ? [] : [`the registry lacks ${name}@${after}`],
      ),
    );
    return faults.flat();
  });
  await tally.check('git has a tag for each of them, on the commit of the versions', () => {
    release.tag(archives);
    return differences('tagged', release.tagsHere(), tags);
  });
}

import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { packPublicPackages, publicPackages } from '@org/release-checks/pack';
import { changelogFaults } from './changelogs.mjs';
import { readChangesets } from './changesets.mjs';
import { commitAll } from './clone.mjs';
import { command } from './command.mjs';
import { publishedManifests } from './manifests.mjs';
import { driftFaults, versionFaults, versionPairs } from './versions.mjs';

/**
 * Gives the steps of a release, as the workflow does them, in a clone of the workspace.
 * @param place clone, env (of its commands), folder (where archives are put), registry
 */
export function releaseFrom({ clone, env: given, folder, registry }) {
  const user = join(folder, 'npmrc');
  const host = registry.url.replace(/^http:/, '');
  writeFileSync(user, `registry=${registry.url}\n${host}:_authToken=${registry.token}\n`);
  const env = { ...given, NPM_CONFIG_USERCONFIG: user };
  const run = (program, ...args) => command(program, args, { cwd: clone, env });
  const script = (name, ...args) => lines(run(process.execPath, join('tooling', 'release', 'src', name), ...args));

  return {
    /** Applies the changesets that wait and commits that; gives what was there before and after. */
    applyChangesets() {
      const changesets = readChangesets(clone);
      const before = publishedManifests(clone);
      run('pnpm', 'run', 'version-packages');
      const after = publishedManifests(clone);
      commitAll(clone, env, 'Version packages');
      return { changesets, before, after, versions: versionPairs(before, after) };
    },

    /** Takes the last commit back. */
    takeBack() {
      run('git', 'reset', '--quiet', '--hard', 'HEAD~1');
    },

    /** Gives what is wrong with versions, changelogs and the changesets that were applied. */
    versionFaults({ changesets, before, after, versions }) {
      const changelogs = Object.fromEntries(
        publicPackages(clone).map(({ name, source }) => [name, textOf(join(source, 'CHANGELOG.md'))]),
      );
      return [
        ...versionFaults(before, after, changesets),
        ...driftFaults(after, versions),
        ...changelogFaults(changelogs, versions, changesets),
        ...readChangesets(clone).map(({ name }) => `${name} still waits`),
      ];
    },

    /** Packs every public package; `prepack` builds what is not built. */
    pack: () => packPublicPackages(clone, mkdtempSync(join(folder, 'archives-')), env),

    /** Publishes what the registry does not have; gives the tags, in order. */
    publish: (archives) => script('publish.mjs', folderOf(archives), '--no-provenance'),

    /** The tags of what `publish` would publish. */
    unpublished: (archives) => script('publish.mjs', folderOf(archives), '--list'),

    /** Tags the commit; gives the new tags. */
    tag: (archives) => script('tag.mjs', folderOf(archives)),

    /** All tags on the commit that is checked out. */
    tagsHere: () => lines(run('git', 'tag', '--points-at', 'HEAD')),

    /** The versions of a package that the registry has. */
    versionsInRegistry: (name) => versionsAt(`${registry.url}${name.replace('/', '%2f')}`),
  };
}

/** Each request has a connection of its own: one that was kept would have been closed behind the back of the commands, which let nothing else run. */
async function versionsAt(url) {
  const [response] = await once(get(url, { agent: false }), 'response');
  const { versions = {} } = await json(response);
  return Object.keys(versions);
}

function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** packPublicPackages puts all archives below one folder. */
function folderOf([{ tarball, name }]) {
  return tarball.slice(0, tarball.indexOf(join('tarballs', name)) + 'tarballs'.length);
}

function lines(text) {
  return text.split('\n').filter((line) => line !== '');
}

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packagesOf } from '../../bootstrap/debian-packages.mjs';
import { compiler, peers } from '../../bootstrap/tested-commands.mjs';

const folder = join(import.meta.dirname, '..', '..', '..', '.github', 'workflows');
const workflows = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);

/** The text of each job of a workflow, by its name. */
function jobsOf(name: string): Readonly<Record<string, string>> {
  const text = readFileSync(join(folder, name), 'utf8');
  const [, jobs = ''] = text.split(/^jobs:$/m);
  const parts = jobs.split(/^ {2}([a-z]+):$/m).slice(1);
  return Object.fromEntries(parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : [])));
}

it.each(workflows)('%s: each action is pinned by its commit', (_name, text) => {
  const uses = [...text.matchAll(/uses: *(\S+)(.*)/g)];
  expect(uses.length).toBeGreaterThan(0);
  expect(
    uses.filter(([line]) => !/uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)).map(([line]) => line),
  ).toEqual([]);
});

it.each(workflows)('%s: an action is pinned at one commit, whatever the workflow', (_name, text) => {
  const pins = new Set(workflows.flatMap(([, each]) => [...each.matchAll(/uses: *(\S+)/g)].map(([, pin = '']) => pin)));
  const actions = [...text.matchAll(/uses: *([^@\s]+)/g)].map(([, action = '']) => action);
  expect(actions.filter((action) => [...pins].filter((pin) => pin.startsWith(`${action}@`)).length !== 1)).toEqual([]);
});

it('CI and CONTRIBUTING install what `npm test` needs', () => {
  const needed = new Set(packagesOf([...compiler, ...peers]));
  const [, ci = ''] = /--no-install-recommends (.*)$/m.exec(jobsOf('ci.yml')['all'] ?? '') ?? [];
  expect(new Set(ci.split(' '))).toEqual(needed);
  const contributing = readFileSync(join(folder, '..', '..', 'CONTRIBUTING.md'), 'utf8');
  const [, named = ''] = /^`(g\+\+ [^`]*)`; as root/m.exec(contributing) ?? [];
  expect(new Set(named.split(' '))).toEqual(needed);
});

it.each(workflows)('%s: no secret is used', (_name, text) => {
  expect(text).not.toMatch(/secrets\.|NPM_TOKEN|NODE_AUTH_TOKEN/);
});

it('one job of the release may publish, and it runs nothing that was installed', () => {
  const jobs = jobsOf('release.yml');
  const publishing = Object.entries(jobs).filter(([, text]) => text.includes('id-token: write'));
  expect(publishing.map(([name]) => name)).toEqual(['publish']);
  const steps = [...(jobs['publish'] ?? '').matchAll(/- run: (.*)/g)].map(([, step]) => step);
  expect(steps).toEqual(['node tooling/release/src/publish.mjs archives']);
});

it('what the publishing job runs imports nothing but Node and its neighbour', () => {
  const sources = ['publish', 'tag', 'archives'].map((name) =>
    readFileSync(join(import.meta.dirname, '..', 'src', `${name}.mjs`), 'utf8'),
  );
  const imported = sources.flatMap((text) =>
    [...text.matchAll(/from '([^']+)'/g)].map(([, specifier = '']) => specifier),
  );
  expect(imported.filter((each) => !each.startsWith('node:') && each !== './archives.mjs')).toEqual([]);
});

it('every public package is built when it is packed', () => {
  const root = join(import.meta.dirname, '..', '..', '..');
  const manifests = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map(
      (name) => JSON.parse(readFileSync(join(root, parent, name, 'package.json'), 'utf8')) as Manifest,
    ),
  );
  const published = manifests.filter((manifest) => manifest.private !== true);
  expect(published.length).toBeGreaterThan(0);
  const unbuilt = published.filter(({ scripts }) => !/^turbo run build\b/.test(scripts['prepack'] ?? ''));
  expect(unbuilt.map(({ name }) => name)).toEqual([]);
});

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly scripts: Readonly<Record<string, string>>;
}

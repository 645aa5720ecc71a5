import { describe, expect, it } from 'vitest';
import { changelogFaults } from '../src/changelogs.mjs';
import { parseChangeset } from '../src/changesets.mjs';
import { differences } from '../src/differences.mjs';
import { driftFaults, expectedVersions, rangeFaults, versionFaults, versionPairs } from '../src/versions.mjs';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: object;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const core: Manifest = { name: '@org/core', version: '0.1.0', exports: {} };
const library: Manifest = {
  name: '@org/library',
  version: '0.1.0',
  exports: {},
  dependencies: { '@org/core': '^0.1.0' },
};
const program: Manifest = { name: '@org/program', version: '0.1.0', dependencies: { '@org/library': '^0.1.0' } };
const before = [core, library, program];

const changeset = (bumps: Readonly<Record<string, string>>, text = 'It is new.') => ({ name: 'one.md', bumps, text });

/** The manifests with these versions, and ranges of them. */
function after(versions: Readonly<Record<string, string>>, ranges: Readonly<Record<string, string>> = versions) {
  return before.map((manifest) => ({
    ...manifest,
    version: versions[manifest.name] ?? manifest.version,
    dependencies: Object.fromEntries(
      Object.keys(manifest.dependencies ?? {}).map((name) => [name, `^${ranges[name] ?? '0.1.0'}`]),
    ),
  }));
}

describe('the versions that changesets give', () => {
  it('leave packages alone whose range lets the new version in', () => {
    expect(expectedVersions(before, [changeset({ '@org/core': 'patch' })])).toEqual({
      '@org/core': '0.1.1',
      '@org/library': '0.1.0',
      '@org/program': '0.1.0',
    });
  });

  it('bump by a patch what lets the new version out, and what lets out that one', () => {
    const manifests = before.map((manifest) => ({ ...manifest, version: manifest.version.replace('0.1', '0.0') }));
    const ranges = manifests.map((manifest) => ({
      ...manifest,
      dependencies: Object.fromEntries(Object.keys(manifest.dependencies ?? {}).map((name) => [name, '^0.0.0'])),
    }));
    expect(expectedVersions(ranges, [changeset({ '@org/core': 'patch' })])).toEqual({
      '@org/core': '0.0.1',
      '@org/library': '0.0.1',
      '@org/program': '0.0.1',
    });
  });

  it('take the largest of several bumps', () => {
    const both = [changeset({ '@org/program': 'patch' }), changeset({ '@org/program': 'minor' })];
    expect(expectedVersions(before, both)).toMatchObject({ '@org/program': '0.2.0' });
  });
});

describe('faults of versions', () => {
  const minor = [changeset({ '@org/core': 'minor' })];

  it('are none when everything is as it should be', () => {
    const versions = { '@org/core': '0.2.0', '@org/library': '0.1.1' };
    expect(versionFaults(before, after(versions), minor)).toEqual([]);
  });

  it('tell a version that was not bumped, and one that nobody asked for', () => {
    const versions = { '@org/core': '0.1.0', '@org/program': '0.3.0' };
    expect(versionFaults(before, after(versions), minor)).toEqual([
      '@org/core is 0.1.0, and not 0.2.0',
      '@org/library is 0.1.0, and not 0.1.1',
      '@org/program is 0.3.0, and not 0.1.0',
    ]);
  });

  it('tell a range that does not let in the sibling of the same release', () => {
    const versions = { '@org/core': '0.2.0', '@org/library': '0.1.1' };
    expect(versionFaults(before, after(versions, {}), minor)).toEqual([
      '@org/library wants @org/core ^0.1.0, which is 0.2.0',
    ]);
  });

  it('tell a range of something that is not released', () => {
    const manifest = { ...program, peerDependencies: { '@org/private': '>=0.0.0' } };
    const versions = new Map(before.map(({ name, version }) => [name, version]));
    expect(rangeFaults(manifest, versions)).toEqual(['@org/program wants @org/private >=0.0.0, which is undefined']);
  });

  it('tell a changeset of a package that is not published', () => {
    expect(versionFaults(before, before, [changeset({ '@org/docs': 'minor' })])).toContain(
      'the changeset one.md names @org/docs, which is not published',
    );
  });
});

describe('a library that is bumped by less than what it depends on', () => {
  it('is told, and a program is not', () => {
    const later = after({ '@org/core': '0.2.0', '@org/library': '0.1.1', '@org/program': '0.1.1' });
    const faults = driftFaults(
      [...later, { ...program, dependencies: { '@org/core': '^0.2.0' } }],
      versionPairs(before, later),
    );
    expect(faults).toEqual(['@org/library 0.1.1 is no breaking change, and @org/core 0.2.0 is']);
  });

  it('is none when both break', () => {
    const later = after({ '@org/core': '0.2.0', '@org/library': '0.2.0' });
    expect(driftFaults(later, versionPairs(before, later))).toEqual([]);
  });

  it('is none when nothing breaks', () => {
    const later = after({ '@org/core': '0.1.1' });
    expect(driftFaults(later, versionPairs(before, later))).toEqual([]);
  });
});

describe('faults of changelogs', () => {
  const versions = { '@org/core': { before: '0.1.0', after: '0.2.0' } };
  const texts = [changeset({ '@org/core': 'minor' }, 'First line\nand second.\n\n- an item')];
  const good = '# @org/core\n\n## 0.2.0\n\n- abc: First line\n  and second.\n\n  - an item\n\n## 0.1.0\n\nOld.\n';

  it('are none when the text stands under the version', () => {
    expect(changelogFaults({ '@org/core': good }, versions, texts)).toEqual([]);
  });

  it('tell a changelog that is not there', () => {
    expect(changelogFaults({}, versions, texts)).toEqual(['@org/core: the changelog has nothing about 0.2.0']);
  });

  it('tell a text that stands under another version', () => {
    const moved = good.replace('## 0.2.0', '## 0.2.0\n\n- other\n\n## 0.1.1');
    expect(changelogFaults({ '@org/core': moved }, versions, texts)).toEqual([
      '@org/core: the changelog of 0.2.0 lacks the text of one.md',
    ]);
  });

  it('tell a version about which nothing is said', () => {
    expect(changelogFaults({ '@org/core': '## 0.2.0\n\n## 0.1.0\n' }, versions, [])).toEqual([
      '@org/core: the changelog of 0.2.0 is empty',
    ]);
  });
});

it('a changeset is read with its bumps and its text, and what is none is refused', () => {
  expect(parseChangeset('a.md', '---\n\'@org/core\': minor\n"@org/library": patch\n---\n\nIt is new.\n')).toEqual({
    name: 'a.md',
    bumps: { '@org/core': 'minor', '@org/library': 'patch' },
    text: 'It is new.',
  });
  expect(() => parseChangeset('b.md', 'It is new.')).toThrow('b.md is no changeset');
  expect(() => parseChangeset('c.md', '---\n@org/core: huge\n---\n')).toThrow('c.md: no bump of a package');
});

it('two lists differ by what is only in one of them', () => {
  expect(differences('published', ['a', 'b'], ['b', 'c'])).toEqual([
    'c is not published',
    'a is published, and should not be',
  ]);
});

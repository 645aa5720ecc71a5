import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installedSize } from '../src/installed-size.mjs';
import { sizeFaults } from '../src/size-faults.mjs';
import { begin, toldFigures, withFigures } from '../src/size-text.mjs';
import { startCosts } from '../src/start-cost.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sizes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const figures = {
  own: 212_000,
  dependencies: 3,
  all: 1_400_000,
  hasBinaries: false,
  start: { specifier: 'sample', cpu: 80, reference: 20, heap: 4.4, node: '24' },
  bundle: 99_000,
};

describe('a README tells figures', () => {
  it.each([
    ['of a library', figures],
    ['of one without dependencies', { ...figures, dependencies: 0, all: 212_000 }],
    ['of one with a single dependency and binaries', { ...figures, dependencies: 1, hasBinaries: true }],
    ['of a program', { ...figures, start: undefined, bundle: undefined }],
  ])('%s, as they were written', (_name, each) => {
    const readme = withFigures('# Sample\n\nText.\n\nMIT OR Apache-2.0\n', each);
    expect(toldFigures(readme)).toEqual(each);
    expect(readme).toMatch(/^# Sample\n\nText\.\n\n<!-- [^]* -->\n\nMIT OR Apache-2\.0\n$/);
    expect(withFigures(readme, each)).toBe(readme);
  });

  it('at its end where it tells no licence', () => {
    expect(withFigures('# Sample\n', figures)).toMatch(/^# Sample\n\n<!-- [^]* -->\n$/);
  });

  it('or tells none', () => {
    expect(toldFigures('# Sample\n')).toBeUndefined();
    expect(toldFigures(`${begin}\n\nsome 200 kB\n`)).toBeUndefined();
  });
});

describe('a figure that has grown old is a fault', () => {
  const { start } = figures;
  const archive = (): { readonly name: string; readonly source: string } => ({ name: 'sample', source: folder });
  beforeEach(() => write('README.md', withFigures('# Sample\n', figures)));

  it.each([
    ['nearly the same', { ...figures, own: 220_000, all: 1_360_000, bundle: 101_000 }],
    ['a machine that is three times slower', { ...figures, start: { ...start, cpu: 240, reference: 60 } }],
    ['a heap that differs by a twentieth', { ...figures, start: { ...start, heap: 4.6 } }],
  ])('%s is none', (_name, measured) => {
    expect(sizeFaults(archive(), measured)).toEqual([]);
  });

  it.each([
    ['own', { ...figures, own: 240_000 }],
    ['all', { ...figures, all: 1_600_000 }],
    ['dependencies', { ...figures, dependencies: 4 }],
    ['binaries', { ...figures, hasBinaries: true }],
    ['bundle', { ...figures, bundle: 105_000 }],
    ['CPU', { ...figures, start: { ...start, cpu: 140 } }],
    ['CPU that was much more', { ...figures, start: { ...start, cpu: 40 } }],
    ['heap', { ...figures, start: { ...start, heap: 5.2 } }],
    ['the version of Node', { ...figures, start: { ...start, node: '26' } }],
    ['what is imported', { ...figures, start: { ...start, specifier: 'sample/node' } }],
    ['a program that has become a library', { ...figures, start: undefined }],
  ])('%s', (_name, measured) => {
    expect(sizeFaults(archive(), measured)).toEqual([expect.stringContaining('sample: README tells')]);
  });

  it('no figure at all', () => {
    write('README.md', '# Sample\n');
    expect(sizeFaults(archive(), figures)).toEqual([expect.stringContaining('tells no size')]);
  });
});

it('an install counts each package once, and no binary', () => {
  const manifest = (dependencies: Readonly<Record<string, string>>): string => JSON.stringify({ dependencies });
  const needs = { other: '1', ours: '1' };
  write('unpacked/sample/package.json', manifest(needs));
  write('unpacked/sample/prebuilds/linux.node', 'x'.repeat(5000));
  write('unpacked/ours/package.json', manifest({ other: '1' }));
  write('source/sample/node_modules/other/package.json', manifest({ third: '1' }));
  write('source/sample/node_modules/other/index.js', 'x'.repeat(1000));
  write('source/sample/node_modules/third/package.json', manifest({}));
  write('source/sample/node_modules/third/node_modules/unused/index.js', 'x'.repeat(5000));
  const archives = ['sample', 'ours'].map((name) => ({
    name,
    source: join(folder, 'source', 'sample'),
    unpacked: join(folder, 'unpacked', name),
  }));
  const own = manifest(needs).length;
  const others = manifest({ other: '1' }).length + manifest({ third: '1' }).length + 1000 + manifest({}).length;
  expect(installedSize(archives[0], archives)).toEqual({
    own,
    dependencies: 3,
    all: own + others,
    hasBinaries: true,
  });
});

it('an import of more costs more heap', () => {
  write('little.mjs', '');
  write('much.mjs', 'globalThis.kept = Array.from({ length: 300_000 }, (_, index) => ({ index }));');
  const [little, much] = ['./little.mjs', './much.mjs'];
  const costs = startCosts({ node: process.execPath, folder, specifiers: [little, much], rounds: 1 });
  expect(costs.get(much)?.heap).toBeGreaterThan((costs.get(little)?.heap ?? Infinity) + 4);
  expect(costs.get(little)?.cpu).toBeGreaterThan(0);
});
